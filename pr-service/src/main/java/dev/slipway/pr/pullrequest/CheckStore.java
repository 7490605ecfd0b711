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

/// Table `commit_check`.
final class CheckStore {
  private CheckStore() {}

  static Mono<List<Owned<Check>>> read(DatabaseClient client, Collection<Owned<String>> commits) {
    return RowStore.read(
        RowStore.bind(
                client,
                """
                select t.* from commit_check t
                join unnest($1::text[], $2::bigint[], $3::text[]) as k (tenant, repository_id, sha)
                  using (tenant, repository_id, sha)
                """,
                commits)
            .bind(2, column(commits, sha -> sha, String[]::new)),
        CheckStore::check);
  }

  private static Check check(Readable row) {
    return new Check(
        new Check.Key(
            Columns.required(row, "sha", String.class),
            Check.Kind.valueOf(Columns.required(row, "kind", String.class)),
            Columns.required(row, "app_id", Long.class),
            Columns.required(row, "name", String.class)),
        Columns.required(row, "run_id", Long.class),
        Check.Result.valueOf(Columns.required(row, "result", String.class)),
        row.get("ended_at", Instant.class));
  }

  static Write write(Collection<Owned<Check>> rows) {
    return RowStore.write(
        """
        insert into commit_check (tenant, repository_id, sha, kind, app_id, name, run_id, result, ended_at)
        select * from unnest(
          $1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::text[],
          $9::timestamptz[])
        on conflict (tenant, repository_id, sha, kind, app_id, name) do update set
          run_id = excluded.run_id, result = excluded.result, ended_at = excluded.ended_at
        """,
        rows,
        column(rows, check -> check.key().sha(), String[]::new),
        column(rows, check -> check.key().kind().name(), String[]::new),
        column(rows, check -> check.key().appId(), Long[]::new),
        column(rows, check -> check.key().name(), String[]::new),
        column(rows, Check::runId, Long[]::new),
        column(rows, check -> check.result().name(), String[]::new),
        column(rows, check -> Columns.utc(check.endedAt()), OffsetDateTime[]::new));
  }
}
