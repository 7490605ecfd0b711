package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.stage.LinkedReader;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.List;

/// Reads pull requests that were told of before a task had the link by which it is found.
final class FoundStore implements LinkedReader<TaskInput> {
  private static final String LINKS =
      """
      select k.tenant, k.kind, k.value, p.number, p.state, p.core #>> '{details,url}' as url
      from (
        select tenant, kind, value, split_part(value, '#', 1)::bigint as repository_id,
          substr(value, strpos(value, '#') + 1) as name
        from unnest(?::text[], ?::text[], ?::text[]) as t (tenant, kind, value)) as k
      join pull_request p on p.tenant = k.tenant and p.repository_id = k.repository_id and p.state is not null
      """;

  /// The one of each number.
  static final FoundStore BY_NUMBER = new FoundStore(LINKS + " and p.number = k.name::bigint");

  /// All of each head, but those of forks.
  static final FoundStore BY_HEAD =
      new FoundStore(
          LINKS
              + """
               and p.head_ref = k.name
              where (p.core #>> '{details,head_repository_id}')::bigint = p.repository_id
              order by p.number
              """);

  private final String sql;

  private FoundStore(String sql) {
    this.sql = sql;
  }

  @Override
  public Answer<List<Found<TaskInput>>> read(Flight flight, Collection<Link> links) {
    return flight.query(
        sql,
        FoundStore::found,
        Columns.of(links, Link::tenant, String[]::new),
        Columns.of(links, Link::kind, String[]::new),
        Columns.of(links, Link::value, String[]::new));
  }

  private static Found<TaskInput> found(Readable row) {
    String url = row.get("url", String.class);
    return new Found<>(
        new Link(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "kind", String.class),
            Columns.required(row, "value", String.class),
            false),
        new TaskInput.Seen(
            new TaskPullRequest(
                Columns.required(row, "number", Long.class),
                url == null ? "" : url,
                TaskPullRequest.State.valueOf(Columns.required(row, "state", String.class)))));
  }
}
