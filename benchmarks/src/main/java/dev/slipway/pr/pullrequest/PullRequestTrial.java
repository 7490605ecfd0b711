package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Database;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/// As many pull requests as are asked for, of a thousand repositories, a tenth of them with a
/// sandbox, looked up as requests do. What measures that uses this and nothing else.
public final class PullRequestTrial {
  private static final String TENANT = "default";

  /// Far from those that the webhooks of measurements tell of.
  private static final long FIRST_REPOSITORY = 1_000_000;

  private static final int REPOSITORIES = 1_000;
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Standing STANDING =
      new Standing(PullRequestState.OPEN, false, "00", "main", false);
  private static final Core CORE =
      new Core(
          new SnapshotKey(AT, Instant.EPOCH),
          STANDING,
          STANDING,
          new Details(
              1L,
              "PR_1",
              "https://github.test/trial/site/pull/1",
              "A change",
              "octocat",
              List.of("bug"),
              "topic",
              FIRST_REPOSITORY,
              "00",
              null,
              AT));

  private final Database database;

  /// @param database schema `pr`, migrated, without any of these
  public PullRequestTrial(Database database) {
    this.database = database;
  }

  /// Puts so many there, from a number on.
  public void fill(long from, int count) {
    int _ =
        database.inStage(transaction -> {
          int _ =
              transaction.update(
                  """
                  insert into repository_name (tenant, repository_id, full_name, url, seen_at)
                  select ?, ? + n, 'trial/site-' || n, 'https://github.test/trial/site-' || n, timestamptz '2026-01-01'
                  from generate_series(0, ? - 1) n
                  on conflict do nothing
                  """,
                  TENANT,
                  FIRST_REPOSITORY,
                  REPOSITORIES);
          int _ =
              transaction.update(
                  """
                  insert into sandbox (tenant, sandbox_id, version, state, requested_at, repository, ended,
                    pull_request_repository_id, pull_request_number)
                  select ?, s.id, 0, jsonb_build_object('owner', jsonb_build_object('sandbox_id', s.id)),
                    timestamptz '2026-01-01', 'https://github.test/trial/site-' || n % ?, true, ? + n % ?, n
                  from generate_series(?, ? - 1, 10) n, lateral (select md5('trial' || n)::uuid as id) s
                  """,
                  TENANT, REPOSITORIES, FIRST_REPOSITORY, REPOSITORIES, from, from + count);
          return transaction.update(
              """
              insert into pull_request (tenant, repository_id, number, version, core, reviews, state, author, head_sha,
                created_at, ambiguous)
              select ?, ? + n % ?, n, 1, ?::jsonb, '[]', 'OPEN', 'octocat', md5(n::text),
                timestamptz '2026-01-01' + n * interval '1 second', false
              from generate_series(?, ? - 1) n
              """,
              TENANT,
              FIRST_REPOSITORY,
              REPOSITORIES,
              RegisterCodec.write(CORE),
              from,
              from + count);
        });
  }

  /// Looks one up by the name of its repository and its number, as a request does.
  ///
  /// @return whether it is there
  public Mono<Boolean> find(long number) {
    return database
        .asApi(
            TENANT,
            client ->
                PullRequestQueries.find(client, "trial/site-" + number % REPOSITORIES, number))
        .hasElement();
  }
}
