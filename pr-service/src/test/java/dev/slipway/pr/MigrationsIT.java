package dev.slipway.pr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.security.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// Every migration of this service and of the kernel has its way back.
class MigrationsIT {
  private static final String SCHEMA = "pr";
  private static final String ONE = new UUID(1, 1).toString();
  private static final String TWO = new UUID(1, 2).toString();
  private static final String THREE = new UUID(1, 3).toString();
  // in the order in which they are applied
  private static final List<String> PARTS = List.of("pipeline", SCHEMA);

  @Test
  void everyMigrationHasItsUndo() throws IOException {
    for (String part : PARTS) {
      List<String> ups = names("db/migration/" + part + "/V*.sql");

      assertThat(ups).isNotEmpty().allMatch(name -> name.matches("V\\d{3}__[a-z0-9_]+\\.sql"));
      assertThat(names("db/undo/" + part + "/*.sql"))
          .isEqualTo(ups.stream().map(name -> "U" + name.substring(1)).toList());
    }
  }

  @Test
  void upDownAndUpAgainWithData() throws SQLException, IOException {
    String url = SharedPostgres.newDatabase();
    migrate(url);
    List<String> whole = objects(url);
    fill(url);

    goBack(url);

    assertThat(objects(url)).isEmpty();
    migrate(url);
    assertThat(objects(url)).isEqualTo(whole);
    fill(url);
  }

  /// What a build before it left, what it makes of that, and the way back with what came since.
  @Test
  void deliveriesGetATenantInTheirKeyAndGoBackToTheFirstWhoHeard()
      throws SQLException, IOException {
    String url = SharedPostgres.newDatabase();
    String whole = "名".repeat(600);
    migrate(url);
    undo(url, "006");
    undo(url, "005");
    undo(url, "004");
    execute(
        url,
        delivery("a", ONE, 1),
        event("a", 1, ONE, ""),
        event("a", 2, TWO, ""),
        check("ci"),
        check(whole),
        check("x".repeat(1_024)),
        name("acme/site"),
        name(whole),
        name("😀".repeat(512)));

    migrate(url);

    // known by a delivery about none, and by its names
    assertThat(strings(url, "select tenant || ' ' || repository_id from repository order by 1"))
        .containsExactly("a 0", "a 1");
    String key = "名".repeat(200) + "…" + sha256(whole);
    assertThat(
            strings(
                url,
                "select version || ' ' || delivery_id from pull_request_event"
                    + " where delivery_id is not null"))
        .containsExactly("1 " + ONE);
    assertThat(strings(url, "select name from commit_check order by 1")).containsExactly("ci", key);
    assertThat(strings(url, "select full_name from repository_name order by 1"))
        .containsExactly("acme/site", key);
    execute(
        url,
        delivery("b", ONE, 0),
        delivery("c", ONE, 2),
        "update delivery set event_ids = array['%s'::uuid] where tenant = 'b'".formatted(THREE),
        event("b", 1, TWO, ", delivery_id"));

    undo(url, "006");
    undo(url, "005");
    undo(url, "004");

    assertThat(strings(url, "select tenant || ' ' || delivery_id from delivery"))
        .containsExactly("b " + ONE);
    migrate(url);
    assertThat(strings(url, "select delivery_id from pull_request_event where tenant = 'b'"))
        .containsExactly(ONE);
  }

  private static String delivery(String tenant, String id, int second) {
    return """
    insert into delivery (delivery_id, tenant, event, received_at, content_type, body_bytes, body_sha256, topic,
      partition, record_offset, outcome)
    values ('%s', '%s', 'push', to_timestamp(%d), 'application/json', 2, sha256('{}'), 't', 0, 0, 'APPLIED')
    """
        .formatted(id, tenant, second);
  }

  /// @param more a column that is given [#ONE]
  private static String event(String tenant, int version, String cause, String more) {
    return """
    insert into pull_request_event (tenant, repository_id, number, version, event_id, type, at, cause_id%s)
    values ('%s', 1, 7, %d, '%s', 't', now(), '%s'%s)
    """
        .formatted(more, tenant, version, THREE, cause, more.isEmpty() ? "" : ", '" + ONE + "'");
  }

  private static String check(String name) {
    return """
    insert into commit_check (tenant, repository_id, sha, kind, app_id, name, run_id, result)
    values ('a', 1, 'aa', 'STATUS', 0, '%s', 1, 'PENDING')
    """
        .formatted(name);
  }

  private static String name(String fullName) {
    return "insert into repository_name (tenant, repository_id, full_name, seen_at)"
        + " values ('a', 1, '%s', now())".formatted(fullName);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Takes one migration of the service's own part back.
  private static void undo(String url, String version) throws SQLException, IOException {
    Resource undo = scripts("db/undo/" + SCHEMA + "/U" + version + "__*.sql").getFirst();
    execute(
        url,
        undo.getContentAsString(StandardCharsets.UTF_8),
        "delete from migration_%s where version = '%s'".formatted(SCHEMA, version));
  }

  private static void execute(String url, String... sql) throws SQLException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    }
  }

  private static List<String> strings(String url, String sql) throws SQLException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      return strings(statement, sql);
    }
  }

  private static void migrate(String url) {
    Duration limit = Duration.ofSeconds(20);
    Migrations.migrate(
        new DatabaseProperties(new Secret(url), 2, 2, limit, limit, limit, limit, limit), SCHEMA);
  }

  /// Newest first, and the service's own part before the one it stands on.
  private static void goBack(String url) throws SQLException, IOException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      for (String part : PARTS.reversed()) {
        for (Resource undo : scripts("db/undo/" + part + "/*.sql").reversed()) {
          statement.execute(undo.getContentAsString(StandardCharsets.UTF_8));
        }
        statement.execute("drop table migration_" + part);
      }
    }
  }

  /// A row in every table, so that going back meets data.
  private static void fill(String url) throws SQLException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      statement.execute("insert into stage (name) values ('s')");
      statement.execute(
          "insert into stage_position (stage_id, topic, partition, topic_id, next_offset)"
              + " select stage_id, 't', 0, 'id', 5 from stage");
      statement.execute(
          "insert into inbox (stage_id, ce_id, status)"
              + " select stage_id, gen_random_uuid(), 'dead' from stage");
      statement.execute(
          "insert into replay (replay_id, stage_id, mode, requested_by)"
              + " select gen_random_uuid(), stage_id, 'FORCE', 'alice' from stage");
      statement.execute(
          "insert into replay_position (replay_id, topic, partition, topic_id, from_offset,"
              + " to_offset, next_offset) select replay_id, 't', 0, 'id', 0, 5, 3 from replay");
      statement.execute(
          "insert into link (stage_id, tenant, kind, value, key, is_exclusive)"
              + " select stage_id, 'a', 'name', 'v', 'k', true from stage");
      statement.execute(
          "insert into deadline (stage_id, tenant, key, name, due_at)"
              + " select stage_id, 'a', 'k', 'n', now() from stage");
      statement.execute(
          "insert into operation (operation_id, stage_id, tenant, key, kind, request)"
              + " select gen_random_uuid(), stage_id, 'a', 'k', 'call', '{}' from stage");
      statement.execute(
          "insert into dead_letter (stage_id, ce_id, topic, partition, topic_id, record_offset, status,"
              + " lanes, cause) select stage_id, gen_random_uuid(), 't', 0, 'id', 4, 'DEAD', '{}', 'bug'"
              + " from stage");
      statement.execute(
          "insert into http_request (key_id, request_id, tenant, body_sha256, status, body)"
              + " values (gen_random_uuid(), gen_random_uuid(), 'a', sha256('{}'), 202, '{}')");
      statement.execute(
          "insert into delivery (delivery_id, tenant, event, received_at, content_type, body_bytes,"
              + " body_sha256, topic, partition, record_offset, outcome) values"
              + " (gen_random_uuid(), 'a', 'push', now(), 'application/json', 2,"
              + " sha256('{}'), 't', 0, 0, 'APPLIED')");
      statement.execute(
          "insert into outbox (topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, value)"
              + " values ('t', 'a', 'k', gen_random_uuid(), 'type', 'source', now(), '\\x00')");
      statement.execute("insert into repository (tenant, repository_id) values ('a', 1)");
      statement.execute(
          "insert into repository_name (tenant, repository_id, full_name, seen_at)"
              + " values ('a', 1, 'acme/site', now())");
      statement.execute(
          "insert into pull_request (tenant, repository_id, number, version, merge, reviews, state,"
              + " created_at, ambiguous) values ('a', 1, 7, 1, '{}', '[]', 'MERGED', now(), false)");
      statement.execute(
          "insert into commit_check (tenant, repository_id, sha, kind, app_id, name, run_id, result)"
              + " values ('a', 1, 'aa', 'STATUS', 0, 'ci', 1, 'PENDING')");
      statement.execute(
          "insert into pull_request_comment (tenant, repository_id, kind, comment_id, number, deleted)"
              + " values ('a', 1, 'ISSUE', 1, 7, false)");
      statement.execute(
          "insert into workflow_run (tenant, repository_id, run_id, attempt, result, head_sha)"
              + " values ('a', 1, 1, 1, 'PENDING', 'aa')");
      statement.execute(
          "insert into pull_request_event (tenant, repository_id, number, version, event_id, type, at,"
              + " cause_id) values ('a', 1, 7, 1, gen_random_uuid(), 't', now(), gen_random_uuid())");
      for (String table : tables(statement)) {
        assertThat(count(statement, table)).as("rows of " + table).isPositive();
      }
    }
  }

  private static List<String> tables(Statement statement) throws SQLException {
    return strings(
        statement,
        "select relname from pg_class where relnamespace = 'pr'::regnamespace and relkind = 'r'"
            + " and relname not like 'migration\\_%'");
  }

  private static int count(Statement statement, String table) throws SQLException {
    return Integer.parseInt(strings(statement, "select count(*) from " + table).getFirst());
  }

  /// Tables, columns, indexes, constraints, types, policies and functions of the schema.
  private static List<String> objects(String url) throws SQLException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      return strings(
          statement,
          """
          select relkind::text || ' ' || relname || ' ' || coalesce(attname || ' ' || format_type(atttypid, atttypmod), '')
          from pg_class c left join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped
          where relnamespace = 'pr'::regnamespace and relname not like 'migration\\_%'
          union all
          select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
          where connamespace = 'pr'::regnamespace and conname not like 'migration\\_%'
          union all
          select 'type ' || typname from pg_type where typnamespace = 'pr'::regnamespace and typtype in ('e', 'd')
          union all
          select 'policy ' || policyname || ' ' || roles::text || ' ' || qual from pg_policies where schemaname = 'pr'
          union all
          select 'function ' || proname from pg_proc where pronamespace = 'pr'::regnamespace
          order by 1
          """);
    }
  }

  private static List<String> strings(Statement statement, String sql) throws SQLException {
    var values = new ArrayList<String>();
    try (var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private static Connection connect(String databaseUrl) throws SQLException {
    URI uri = URI.create(databaseUrl);
    String[] user = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d%s?currentSchema=%s"
            .formatted(uri.getHost(), uri.getPort(), uri.getPath(), SCHEMA),
        user[0],
        user[1]);
  }

  private static List<String> names(String pattern) throws IOException {
    return scripts(pattern).stream().map(script -> String.valueOf(script.getFilename())).toList();
  }

  private static List<Resource> scripts(String pattern) throws IOException {
    return Stream.of(
            new PathMatchingResourcePatternResolver().getResources("classpath*:" + pattern))
        .sorted(Comparator.comparing(script -> String.valueOf(script.getFilename())))
        .toList();
  }
}
