package dev.slipway.pr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.MigratedSchema;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.security.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Every migration of this service and of the kernel has its way back.
class MigrationsIT {
  private static final String ONE = new UUID(1, 1).toString();
  private static final String TWO = new UUID(1, 2).toString();
  private static final String THREE = new UUID(1, 3).toString();

  private final MigratedSchema schema = new MigratedSchema("pr", MigrationsIT::migrate);

  private static void migrate(String url) {
    Duration limit = Duration.ofSeconds(20);
    Migrations.migrate(
        new DatabaseProperties(new Secret(url), 2, 2, limit, limit, limit, limit, limit), "pr");
  }

  @Test
  void everyMigrationHasItsUndo() throws IOException {
    assertThat(schema.migrations()).isNotEmpty().isEqualTo(schema.undos());
    assertThat(schema.migrations())
        .allMatch(name -> name.matches("[a-z]+/\\d{3}__[a-z0-9_]+\\.sql"));
  }

  @Test
  void upDownAndUpAgainWithData() throws SQLException, IOException {
    List<String> whole = schema.objects();
    fill();

    schema.goBack();

    assertThat(schema.objects()).isEmpty();
    schema.migrate();
    assertThat(schema.objects()).isEqualTo(whole);
    fill();
  }

  /// What a build before it left, what it makes of that, and the way back with what came since.
  @Test
  void deliveriesGetATenantInTheirKeyAndGoBackToTheFirstWhoHeard()
      throws SQLException, IOException {
    String whole = "名".repeat(600);
    schema.undoBackTo("004");
    schema.execute(
        delivery("a", ONE, 1),
        event("a", 1, ONE, ""),
        event("a", 2, TWO, ""),
        check("ci"),
        check(whole),
        check("x".repeat(1_024)),
        name("acme/site"),
        name(whole),
        name("😀".repeat(512)));

    schema.migrate();

    // known by a delivery about none, and by its names
    assertThat(schema.strings("select tenant || ' ' || repository_id from repository order by 1"))
        .containsExactly("a 0", "a 1");
    String key = "名".repeat(200) + "…" + sha256(whole);
    assertThat(
            schema.strings(
                "select version || ' ' || delivery_id from pull_request_event"
                    + " where delivery_id is not null"))
        .containsExactly("1 " + ONE);
    assertThat(schema.strings("select name from commit_check order by 1"))
        .containsExactly("ci", key);
    assertThat(schema.strings("select full_name from repository_name order by 1"))
        .containsExactly("acme/site", key);
    schema.execute(
        delivery("b", ONE, 0),
        delivery("c", ONE, 2),
        "update delivery set event_ids = array['%s'::uuid] where tenant = 'b'".formatted(THREE),
        event("b", 1, TWO, ", delivery_id"));

    schema.undoBackTo("004");

    assertThat(schema.strings("select tenant || ' ' || delivery_id from delivery"))
        .containsExactly("b " + ONE);
    schema.migrate();
    assertThat(schema.strings("select delivery_id from pull_request_event where tenant = 'b'"))
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

  /// A row in every table, so that going back meets data.
  private void fill() throws SQLException {
    schema.fillKernel();
    schema.execute(
        "insert into delivery (delivery_id, tenant, event, received_at, content_type, body_bytes,"
            + " body_sha256, topic, partition, record_offset, outcome) values"
            + " (gen_random_uuid(), 'a', 'push', now(), 'application/json', 2,"
            + " sha256('{}'), 't', 0, 0, 'APPLIED')",
        "insert into repository (tenant, repository_id) values ('a', 1)",
        "insert into sandbox (tenant, sandbox_id, version, state, ended)"
            + " values ('a', gen_random_uuid(), 0, '{}', false)",
        "insert into repository_name (tenant, repository_id, full_name, seen_at)"
            + " values ('a', 1, 'acme/site', now())",
        "insert into pull_request (tenant, repository_id, number, version, merge, reviews, state,"
            + " created_at, ambiguous) values ('a', 1, 7, 1, '{}', '[]', 'MERGED', now(), false)",
        "insert into commit_check (tenant, repository_id, sha, kind, app_id, name, run_id, result)"
            + " values ('a', 1, 'aa', 'STATUS', 0, 'ci', 1, 'PENDING')",
        "insert into pull_request_comment (tenant, repository_id, kind, comment_id, number, deleted)"
            + " values ('a', 1, 'ISSUE', 1, 7, false)",
        "insert into workflow_run (tenant, repository_id, run_id, attempt, result, head_sha)"
            + " values ('a', 1, 1, 1, 'PENDING', 'aa')",
        "insert into pull_request_event (tenant, repository_id, number, version, event_id, type, at,"
            + " cause_id) values ('a', 1, 7, 1, gen_random_uuid(), 't', now(), gen_random_uuid())",
        "insert into github_budget (caller, creations, written_at)"
            + " values ('api.github.com token', array[now()], now())",
        "insert into task (tenant, task_id, version, state, status, labels) values"
            + " ('a', gen_random_uuid(), 1, '{}', 'NONE', '{}')",
        "insert into task_event (tenant, task_id, item_id, type, summary, at, cause_id, is_published)"
            + " values ('a', gen_random_uuid(), gen_random_uuid(), 't', 's', now(), gen_random_uuid(), true)",
        "insert into head (tenant, name, version, state) values ('a', 'https://h/o/r#b', 0, '{}')",
        "insert into pull_request_reading (tenant, pull_request, version, state)"
            + " values ('a', '1#7', 1, '{}')");
    assertThat(schema.emptyTables()).isEmpty();
  }
}
