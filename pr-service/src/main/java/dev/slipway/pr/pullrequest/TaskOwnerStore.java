package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which task a pull request is of: the one that has its number, else the one whose branch is its
/// head, in the repository itself. Of several, as when two were given one branch, the oldest.
final class TaskOwnerStore {
  private static final String COLUMNS =
      "t.task_id, t.user_id, t.execution_id, t.squad_id, t.agent_id, t.session_id, t.sandbox_id as task_sandbox_id";

  /// The columns that [#owner] reads, of a join `t`.
  static final String SELECTED =
      "t.task_id, t.user_id, t.execution_id, t.squad_id, t.agent_id, t.session_id, t.task_sandbox_id";

  private static final String NUMBERED =
      """
      (select 1 as rank, %2$s from task t
        where t.tenant = %1$s.tenant and t.repository_id = %1$s.repository_id
          and t.pull_request_number = %1$s.number
        order by t.created_at, t.task_id limit 1)\
      """;

  private static final String HEADED =
      """
      (select 2 as rank, %2$s from task t
        where t.tenant = %1$s.tenant and t.repository_id = %1$s.repository_id and t.branch = %1$s.%3$s%4$s
        order by t.created_at, t.task_id limit 1)\
      """;

  /// Joined to a row of a pull request `p`.
  static final String OF_PULL_REQUEST =
      """
      left join lateral (
        %s
        union all
        %s
        order by rank limit 1) t on true
      """
          .formatted(
              NUMBERED.formatted("p", COLUMNS),
              HEADED.formatted(
                  "p",
                  COLUMNS,
                  "head_ref",
                  "\n    and (p.core #>> '{details,head_repository_id}')::bigint = p.repository_id"));

  private TaskOwnerStore() {}

  /// Reads those of a batch.
  ///
  /// @param numbers of pull requests
  /// @param heads commits that pull requests have as heads
  /// @param branches of repositories, which pull requests are told to have as heads
  static Supplier<Map<RepositoryKey, Tasks>> read(
      Flight flight,
      Collection<Owned<Long>> numbers,
      Collection<Owned<String>> heads,
      Collection<Owned<String>> branches) {
    RowKeys numbered = RegisterStore.NUMBER.keys(numbers);
    RowKeys headed = RegisterStore.HEAD.keys(heads);
    RowKeys told = RegisterStore.BRANCH.keys(branches);
    if (numbered.isEmpty() && headed.isEmpty() && told.isEmpty()) {
      return Map::of;
    }
    var arrays = new ArrayList<Object>();
    for (RowKeys each : List.of(numbered, headed, told)) {
      arrays.addAll(each.arrays());
    }
    var found =
        flight.query(
            """
            with wanted as (
              select tenant, repository_id, number from %1$s
              union
              select p.tenant, p.repository_id, p.number from pull_request p join %2$s using (%3$s)),
            branches as (
              select tenant, repository_id, branch from %4$s
              union
              select p.tenant, p.repository_id, p.head_ref from pull_request p
              join wanted using (tenant, repository_id, number)
              where p.head_ref is not null)
            select w.tenant, w.repository_id, w.number, null::text as branch, %5$s
            from wanted w cross join lateral %6$s t
            union all
            select b.tenant, b.repository_id, null, b.branch, %5$s
            from branches b cross join lateral %7$s t
            """
                .formatted(
                    numbered.from(),
                    headed.from(),
                    headed.names(),
                    told.from(),
                    SELECTED,
                    NUMBERED.formatted("w", COLUMNS),
                    HEADED.formatted("b", COLUMNS, "branch", "")),
            Row::of,
            arrays.toArray());
    return () -> tasks(found.get());
  }

  private static Map<RepositoryKey, Tasks> tasks(List<Row> rows) {
    Map<RepositoryKey, Map<Long, Owner>> byNumber = new HashMap<>();
    Map<RepositoryKey, Map<String, Owner>> byBranch = new HashMap<>();
    for (Row row : rows) {
      if (row.number != null) {
        byNumber.computeIfAbsent(row.repository, _ -> new HashMap<>()).put(row.number, row.owner);
      } else if (row.branch != null) {
        byBranch.computeIfAbsent(row.repository, _ -> new HashMap<>()).put(row.branch, row.owner);
      }
      byNumber.computeIfAbsent(row.repository, _ -> new HashMap<>());
    }
    Map<RepositoryKey, Tasks> found = new HashMap<>();
    byNumber.forEach((repository, numbers) ->
        found.put(repository, new Tasks(numbers, byBranch.getOrDefault(repository, Map.of()))));
    return found;
  }

  /// Whose the row is that was joined.
  ///
  /// @return null when none was
  static @Nullable Owner owner(Readable row) {
    UUID task = row.get("task_id", UUID.class);
    return task == null
        ? null
        : new Owner(
            row.get("user_id", String.class),
            task.toString(),
            row.get("execution_id", String.class),
            row.get("squad_id", String.class),
            row.get("agent_id", String.class),
            row.get("session_id", String.class),
            text(row.get("task_sandbox_id", UUID.class)));
  }

  private static @Nullable String text(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }

  /// @param number null for the one of a branch
  /// @param branch null for the one of a number
  private record Row(
      RepositoryKey repository, @Nullable Long number, @Nullable String branch, Owner owner) {
    static Row of(Readable row) {
      Owner owner = TaskOwnerStore.owner(row);
      if (owner == null) {
        throw new IllegalStateException("a task without an id");
      }
      return new Row(
          new RepositoryKey(
              Columns.required(row, "tenant", String.class),
              Columns.required(row, "repository_id", Long.class)),
          row.get("number", Long.class),
          row.get("branch", String.class),
          owner);
    }
  }
}
