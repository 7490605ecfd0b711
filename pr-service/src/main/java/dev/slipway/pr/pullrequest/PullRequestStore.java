package dev.slipway.pr.pullrequest;

import static dev.slipway.pr.pullrequest.RowStore.column;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import io.r2dbc.spi.Readable;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `pull_request`.
final class PullRequestStore {
  private PullRequestStore() {}

  static Mono<List<Owned<PullRequest>>> read(
      DatabaseClient client, Collection<Owned<Long>> numbers) {
    return RowStore.read(
        RowStore.bind(
                client,
                """
                select t.* from pull_request t
                join unnest($1::text[], $2::bigint[], $3::bigint[]) as k (tenant, repository_id, number)
                  using (tenant, repository_id, number)
                """,
                numbers)
            .bind(2, column(numbers, number -> number, Long[]::new)),
        PullRequestStore::pullRequest);
  }

  static Mono<List<Owned<PullRequest>>> readHeadedBy(
      DatabaseClient client, Collection<Owned<String>> commits) {
    return RowStore.read(
        RowStore.bind(
                client,
                """
                select t.* from pull_request t
                join unnest($1::text[], $2::bigint[], $3::text[]) as k (tenant, repository_id, head_sha)
                  using (tenant, repository_id, head_sha)
                """,
                commits)
            .bind(2, column(commits, sha -> sha, String[]::new)),
        PullRequestStore::pullRequest);
  }

  static PullRequest pullRequest(Readable row) {
    return new PullRequest(
        Columns.required(row, "number", Long.class),
        RegisterCodec.core(Columns.json(row, "core")),
        RegisterCodec.merge(Columns.json(row, "merge")),
        RegisterCodec.reviews(Columns.json(row, "reviews")),
        Columns.required(row, "version", Long.class));
  }

  static Write write(Collection<Owned<PullRequest>> rows) {
    return RowStore.write(
        """
        insert into pull_request (
          tenant, repository_id, number, version, core, merge, reviews, state, author, head_sha, created_at, ambiguous)
        select tenant, repository_id, number, version, core::jsonb, merge::jsonb, reviews::jsonb, state, author,
          head_sha, created_at, ambiguous
        from unnest(
          $1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::text[], $10::text[], $11::timestamptz[], $12::boolean[])
        as t (tenant, repository_id, number, version, core, merge, reviews, state, author, head_sha, created_at,
          ambiguous)
        on conflict (tenant, repository_id, number) do update set
          version = excluded.version, core = excluded.core, merge = excluded.merge, reviews = excluded.reviews,
          state = excluded.state, author = excluded.author, head_sha = excluded.head_sha,
          created_at = excluded.created_at, ambiguous = excluded.ambiguous
        """,
        rows,
        column(rows, PullRequest::number, Long[]::new),
        column(rows, PullRequest::version, Long[]::new),
        column(rows, row -> RegisterCodec.write(row.core()), String[]::new),
        column(rows, row -> RegisterCodec.write(row.merge()), String[]::new),
        column(rows, row -> RegisterCodec.write(row.reviews()), String[]::new),
        column(rows, row -> row.state() == null ? null : row.state().name(), String[]::new),
        column(rows, PullRequest::author, String[]::new),
        column(rows, PullRequest::headSha, String[]::new),
        column(rows, row -> Columns.utc(row.createdAt()), OffsetDateTime[]::new),
        column(rows, PullRequest::isAmbiguous, Boolean[]::new));
  }
}
