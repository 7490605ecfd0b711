package dev.slipway.pr.pullrequest;

import static dev.slipway.pr.pullrequest.RowStore.column;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `workflow_run`.
final class WorkflowRunStore {
  private WorkflowRunStore() {}

  static Mono<List<Owned<WorkflowRun>>> read(DatabaseClient client, Collection<Owned<Long>> ids) {
    return RowStore.read(
        RowStore.bind(
                client,
                """
                select t.* from workflow_run t
                join unnest($1::text[], $2::bigint[], $3::bigint[]) as k (tenant, repository_id, run_id)
                  using (tenant, repository_id, run_id)
                """,
                ids)
            .bind(2, column(ids, id -> id, Long[]::new)),
        WorkflowRunStore::run);
  }

  private static WorkflowRun run(Readable row) {
    return new WorkflowRun(
        Columns.required(row, "run_id", Long.class),
        Columns.required(row, "attempt", Long.class),
        Check.Result.valueOf(Columns.required(row, "result", String.class)),
        row.get("updated_at", Instant.class),
        Columns.required(row, "head_sha", String.class));
  }

  static Write write(Collection<Owned<WorkflowRun>> rows) {
    return RowStore.write(
        """
        insert into workflow_run (tenant, repository_id, run_id, attempt, result, updated_at, head_sha)
        select * from unnest(
          $1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::text[])
        on conflict (tenant, repository_id, run_id) do update set
          attempt = excluded.attempt, result = excluded.result, updated_at = excluded.updated_at,
          head_sha = excluded.head_sha
        """,
        rows,
        column(rows, WorkflowRun::id, Long[]::new),
        column(rows, WorkflowRun::attempt, Long[]::new),
        column(rows, run -> run.result().name(), String[]::new),
        column(rows, run -> Columns.utc(run.updatedAt()), OffsetDateTime[]::new),
        column(rows, WorkflowRun::headSha, String[]::new));
  }
}
