package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.stage.LinkedReader;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.List;

/// Reads the pull request of a branch that was there before a sandbox was known to have pushed it:
/// of several the open one, else the newest.
final class SeenStore implements LinkedReader<SandboxInput> {
  @Override
  public Answer<List<Found<SandboxInput>>> read(Flight flight, Collection<Link> links) {
    List<Head> heads = links.stream().map(link -> Head.of(link.value())).toList();
    return flight.query(
        """
        select distinct on (k.tenant, k.address, k.branch)
          k.tenant, k.address, k.branch, p.repository_id, p.number, p.head_sha, p.state
        from unnest(?::text[], ?::text[], ?::text[]) as k (tenant, address, branch)
        join repository_name n on n.tenant = k.tenant and n.address = k.address
        join pull_request p on p.tenant = n.tenant and p.repository_id = n.repository_id and p.head_ref = k.branch
        where p.state is not null and (p.core #>> '{details,head_repository_id}')::bigint = p.repository_id
        order by k.tenant, k.address, k.branch, p.state = 'OPEN' desc, p.created_at desc, p.repository_id desc,
          p.number desc
        """,
        SeenStore::found,
        Columns.of(links, Link::tenant, String[]::new),
        Columns.of(heads, Head::repository, String[]::new),
        Columns.of(heads, Head::branch, String[]::new));
  }

  private static Found<SandboxInput> found(Readable row) {
    var head =
        new Head(
            Columns.required(row, "address", String.class),
            Columns.required(row, "branch", String.class));
    return new Found<>(
        SandboxStage.link(Columns.required(row, "tenant", String.class), head),
        new SandboxInput.Seen(
            new PullRequestNumber(
                Columns.required(row, "repository_id", Long.class),
                Columns.required(row, "number", Long.class)),
            head,
            Columns.required(row, "head_sha", String.class),
            Columns.required(row, "state", String.class).equals("OPEN")));
  }
}
