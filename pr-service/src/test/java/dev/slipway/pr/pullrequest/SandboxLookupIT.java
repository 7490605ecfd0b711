package dev.slipway.pr.pullrequest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How Postgres looks sandboxes up, for a tenant under row-level security, among many.
class SandboxLookupIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Standing STANDING =
      new Standing(PullRequestState.OPEN, false, "00", "main", false);
  private static final Core CORE =
      new Core(
          new SnapshotKey(AT, Instant.EPOCH),
          STANDING,
          STANDING,
          new Details(
              1L, null, null, "A change", "octocat", List.of(), "topic", 1L, null, null, AT));

  private static Database database;

  @BeforeAll
  static void fill() throws SQLException {
    String url = SharedPostgres.newDatabase();
    var properties =
        new DatabaseProperties(new Secret(url), 2, 1, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT);
    Migrations.migrate(properties, "pr");
    database = Database.of(properties, "pr");
    execute(
        url,
        """
        insert into pull_request (tenant, repository_id, number, version, core, reviews, state, head_sha, created_at,
          ambiguous)
        select 'acme', n % 20, n, 1, jsonb_set('{core}', '{details,head_ref}', to_jsonb('topic-' || n)), '[]',
          'OPEN', n::text, now() - n * interval '1 second', false
        from generate_series(1, 20000) n
        """
            .replace("{core}", String.valueOf(RegisterCodec.write(CORE))),
        """
        insert into repository_name (tenant, repository_id, full_name, url, seen_at)
        select 'acme', n, 'acme/' || n, 'https://github.test/acme/' || n, now() from generate_series(0, 19) n
        """,
        """
        insert into sandbox (tenant, sandbox_id, version, state, requested_at, repository, ended,
          pull_request_repository_id, pull_request_number)
        select 'acme', ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1,
          jsonb_build_object('owner', jsonb_build_object('sandbox_id',
            '00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))),
          now() - n * interval '1 second', 'https://github.test/acme/' || n % 40, n % 2 = 0,
          case when n % 3 > 0 then n % 20 end, case when n % 3 > 0 then n end
        from generate_series(1, 20000) n
        """,
        """
        insert into task (tenant, task_id, version, state, status, repository, labels, created_at, repository_id, branch,
          pull_request_number, pull_request_state)
        select 'acme', gen_random_uuid(), 1, '{}', 'IN_REVIEW', 'https://github.test/acme/' || n % 20, '{}', now(), n % 20,
          'branch-' || n, 100000 + n, 'OPEN'
        from generate_series(1, 20000) n
        """,
        "analyze pull_request, repository_name, sandbox, task");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void bothLookUpsUseTheirIndex() {
    String plan =
        ask(
            "explain "
                + PullRequestQueries.FIND_NAMED.replace("$1", "'acme/7'").replace("$2", "10007"));

    assertThat(plan)
        .contains("Index Scan using sandbox_of_pull_request on sandbox")
        .contains("Index Scan using sandbox_of_repository on sandbox")
        .contains("Index Scan using pull_request_pkey on pull_request")
        .contains("Index Scan using task_of_pull_request on task")
        .contains("Index Scan using task_of_head on task")
        .doesNotContain("Seq Scan on sandbox", "Seq Scan on pull_request", "Seq Scan on task");
  }

  @Test
  void theOtherSideOfABranchIsFoundByItsIndexes() {
    String plan =
        ask(
            """
            explain select p.number from repository_name n
            join pull_request p on p.tenant = n.tenant and p.repository_id = n.repository_id and p.head_ref = 'topic-7'
            where n.tenant = 'acme' and n.address = 'https://github.test/acme/7'
            """);

    assertThat(plan).contains("pull_request_of_head").doesNotContain("Seq Scan on pull_request");
  }

  @Test
  void theNumberComesBeforeTheAddress() {
    assertThat(sandbox(7, 10_007)).isEqualTo(id(10_007)); // 10,007 % 3 = 2: it was told
    assertThat(sandbox(6, 10_006)).isEqualTo(id(10_006)); // that has ended
    assertThat(sandbox(8, 10_008)).isEqualTo(none()); // those of acme/8 have all ended
    assertThat(sandbox(5, 10_005)).isEqualTo(id(5)); // the youngest of acme/5 that has not
  }

  private static String none() {
    return "none";
  }

  private static String id(int number) {
    return "00000000-0000-7000-8000-%012d".formatted(number);
  }

  private static String sandbox(long repositoryId, long number) {
    UUID id =
        Objects.requireNonNull(
                database
                    .asApi(
                        "acme",
                        client -> PullRequestQueries.find(client, "acme/" + repositoryId, number))
                    .block(LIMIT))
            .sandboxId();
    return id == null ? none() : id.toString();
  }

  /// As a request of the tenant's asks.
  private static String ask(String sql) {
    List<String> lines =
        database
            .asApi(
                "acme",
                client ->
                    client
                        .sql(sql)
                        .map(row -> Columns.required(row, "QUERY PLAN", String.class))
                        .all()
                        .collectList())
            .block(LIMIT);
    return Objects.requireNonNull(lines).stream().collect(Collectors.joining("\n"));
  }

  /// As the login that owns the tables: nobody else may analyse them.
  private static void execute(String url, String... statements) throws SQLException {
    URI uri = URI.create(url);
    String[] user = uri.getUserInfo().split(":", 2);
    String jdbc =
        "jdbc:postgresql://%s:%d%s?currentSchema=pr"
            .formatted(uri.getHost(), uri.getPort(), uri.getPath());
    try (var connection = DriverManager.getConnection(jdbc, user[0], user[1]);
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        boolean _ = statement.execute(sql);
      }
    }
  }
}
