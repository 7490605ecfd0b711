package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.live.GitHubNames;
import dev.slipway.pr.sandbox.SandboxOwner;
import dev.slipway.pr.sandbox.SandboxTable;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which sandbox a pull request is of. One that was told of it, by the number; of several the one
/// that has not ended, of those the youngest. Else the youngest for its repository that has not
/// ended, by the address: of that nobody knows whether it had to do with the pull request, so it
/// does not lend it its task.
final class SandboxOwnerStore {
  private static final String COLUMNS = "s.sandbox_id, (s.state->'owner')::text as owner";

  /// Joined to a row `%1$s` with tenant, repository_id and number.
  private static final String EXACT =
      """
      lateral (
        select %2$s from sandbox s
        where s.tenant = %1$s.tenant and s.pull_request_repository_id = %1$s.repository_id
          and s.pull_request_number = %1$s.number
        order by s.ended, s.requested_at desc, s.sandbox_id desc limit 1)\
      """;

  /// Joined to a row of a pull request `p`: columns sandbox_owner and is_exact.
  static final String OF_PULL_REQUEST =
      """
      left join %s e on true
      left join lateral (
        select %s from repository_name a
        join sandbox s on s.tenant = a.tenant and s.repository = a.address and not s.ended
        where a.tenant = p.tenant and a.repository_id = p.repository_id and e.sandbox_id is null
        order by s.requested_at desc, s.sandbox_id desc limit 1) f on true
      """
          .formatted(EXACT.formatted("p", COLUMNS), COLUMNS);

  static final String SELECTED =
      "coalesce(e.owner, f.owner) as sandbox_owner, e.sandbox_id is not null as is_exact";

  private SandboxOwnerStore() {}

  /// Reads those of a batch.
  ///
  /// @param names that its facts tell
  static Supplier<Map<RepositoryKey, Sandboxes>> read(
      Flight flight,
      Collection<RepositoryKey> repositories,
      Collection<Owned<Long>> numbers,
      Collection<Owned<String>> heads,
      Collection<Owned<RepositoryName>> names) {
    RowKeys of = RegisterStore.REPOSITORY.keys(repositories);
    RowKeys numbered = RegisterStore.NUMBER.keys(numbers);
    RowKeys headed = RegisterStore.HEAD.keys(heads);
    RowKeys told = RegisterStore.ADDRESS.keys(addresses(names));
    var arrays = new ArrayList<Object>();
    for (RowKeys each : List.of(numbered, headed, of, told)) {
      arrays.addAll(each.arrays());
    }
    var found =
        flight.query(
            """
            select k.tenant, k.repository_id, k.number, e.owner as sandbox_owner, true as is_exact
            from (
              select tenant, repository_id, number from %1$s
              union
              select p.tenant, p.repository_id, p.number from pull_request p join %2$s using (%3$s)) as k
            cross join %4$s e
            union all
            (select distinct on (a.tenant, a.repository_id)
              a.tenant, a.repository_id, null, (s.state->'owner')::text, false
            from (
              select n.tenant, n.repository_id, n.address from repository_name n join %5$s using (%6$s)
              union
              select tenant, repository_id, address from %7$s) as a
            join sandbox s on s.tenant = a.tenant and s.repository = a.address and not s.ended
            order by a.tenant, a.repository_id, s.requested_at desc, s.sandbox_id desc)
            """
                .formatted(
                    numbered.from(),
                    headed.from(),
                    headed.names(),
                    EXACT.formatted("k", COLUMNS),
                    of.from(),
                    of.names(),
                    told.from()),
            Row::of,
            arrays.toArray());
    return () -> sandboxes(found.get());
  }

  private static List<Owned<String>> addresses(Collection<Owned<RepositoryName>> names) {
    var addresses = new ArrayList<Owned<String>>();
    for (Owned<RepositoryName> name : names) {
      String url = name.row().url();
      if (url != null) {
        addresses.add(new Owned<>(name.repository(), GitHubNames.folded(url)));
      }
    }
    return addresses;
  }

  private static Map<RepositoryKey, Sandboxes> sandboxes(List<Row> rows) {
    Map<RepositoryKey, Sandboxes> found = new HashMap<>();
    for (Row row : rows) {
      Sandboxes known = found.getOrDefault(row.repository, Sandboxes.NONE);
      if (row.number == null) {
        found.put(row.repository, new Sandboxes(known.byNumber(), row.owner));
      } else {
        var all = new HashMap<>(known.byNumber());
        all.put(row.number, row.owner);
        found.put(row.repository, new Sandboxes(all, known.ofRepository()));
      }
    }
    return found;
  }

  /// Whose the row is that was joined.
  ///
  /// @return null when none was
  static @Nullable SandboxOwner owner(Readable row) {
    String json = row.get("sandbox_owner", String.class);
    if (json == null) {
      return null;
    }
    SandboxOwner owner = SandboxTable.owner(json);
    return isExact(row) ? owner : owner.withoutTask();
  }

  /// Whether the row that was joined is that of the pull request itself.
  static boolean isExact(Readable row) {
    return Columns.required(row, "is_exact", Boolean.class);
  }

  /// @param number null for the one of the repository
  private record Row(RepositoryKey repository, @Nullable Long number, SandboxOwner owner) {
    static Row of(Readable row) {
      SandboxOwner owner = SandboxOwnerStore.owner(row);
      if (owner == null) {
        throw new IllegalStateException("a sandbox that nobody asked for");
      }
      return new Row(
          new RepositoryKey(
              Columns.required(row, "tenant", String.class),
              Columns.required(row, "repository_id", Long.class)),
          row.get("number", Long.class),
          owner);
    }
  }
}
