package dev.slipway.pr.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/// What each database role can see and do, all requests over one pooled connection.
class DeliveryTenantsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final DeliveryFilter ALL =
      new DeliveryFilter(null, null, null, null, null, null, null, null, 100);

  private static Database database;

  @BeforeAll
  static void create() {
    var properties =
        new DatabaseProperties(
            new Secret(SharedPostgres.newDatabase()),
            2,
            1,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));
    Migrations.migrate(properties, "pr");
    database = Database.of(properties, "pr");
    List<Recorded> rows = List.of(row(1, "a"), row(2, "b"), row(3, "a"), row(1, "b"));
    int count =
        database.inStage(transaction -> {
          transaction.fly(flight -> DeliveryStore.DELIVERIES.put(flight, rows));
          return rows.size();
        });
    assertThat(count).isEqualTo(4);
    // the first request loads a driver, which takes longer than a request may
    await().ignoreExceptions().until(() -> seenBy("a").size(), Integer.valueOf(2)::equals);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /// Whatever a test did to the connection, the next request sees its own tenant and no other.
  @AfterEach
  void everyTenantSeesItsOwnRowsAlone() {
    assertThat(seenBy("b")).containsExactly(2, 1);
    assertThat(seenBy("a")).containsExactly(3, 1);
    assertThat(seenBy("nobody")).isEmpty();
    assertThat(seenBy("b")).containsExactly(2, 1);
  }

  @Test
  void aRowIsFoundByItsTenantAlone() {
    assertThat(find("a", 1)).isEqualTo(row(1, "a"));
    assertThat(find("b", 3)).isNull();
  }

  @Test
  void tenantsThatShareAGuidHaveARowEach() {
    assertThat(find("b", 1)).isEqualTo(row(1, "b"));
    assertThat(find("a", 1)).isEqualTo(row(1, "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%", "a' or '1'='1", "A", "a ", "a\nb"})
  void anyOtherTextIsATenantOfItsOwn(String tenant) {
    assertThat(seenBy(tenant)).isEmpty();
  }

  /// A condition with a function that is not leakproof would be checked row by row.
  @Test
  void aRepositoryIsLookedUpInItsIndexAlthoughRowsAreSecured() {
    assertThat(
            plan(
                """
                select * from delivery where repository_name = 'acme/site'
                order by received_at desc, delivery_id desc limit 50
                """))
        .contains("using delivery_of_repository")
        .doesNotContain("Filter", "Sort");
  }

  @Test
  void aDeliveryIsLookedUpByTheKeyThatNamesItsTenantToo() {
    assertThat(
            plan(
                "select * from delivery where delivery_id = '%s'"
                    .formatted(TestWebhooks.id(1).value())))
        .containsPattern("using delivery_pkey[^\n]*\n *Index Cond: [^\n]*tenant[^\n]*delivery_id")
        .doesNotContain("Filter");
  }

  private static String plan(String query) {
    return String.valueOf(
        database
            .asApi(
                "a",
                client ->
                    client
                        .sql("set local enable_seqscan = off")
                        .then()
                        .thenMany(
                            client
                                .sql("explain " + query)
                                .map(row -> Columns.required(row, "QUERY PLAN", String.class))
                                .all())
                        .collect(Collectors.joining("\n")))
            .block(PATIENCE));
  }

  @Test
  void afterAnError() {
    assertThatThrownBy(() -> asApi("a", "select 1 / 0")).isInstanceOf(RuntimeException.class);
  }

  @Test
  void afterATimeOut() {
    assertThatThrownBy(() -> asApi("a", "select pg_sleep(5)"))
        .isInstanceOf(RetryableException.class);
  }

  /// Whoever comes next waits for the connection.
  @Test
  void afterACancel() {
    Mono<Long> sleeping =
        database.asApi("a", client -> client.sql("select pg_sleep(0.5)").fetch().rowsUpdated());

    var subscription = sleeping.subscribe();
    assertThat(Mono.delay(Duration.ofMillis(200)).block(PATIENCE)).isZero();
    subscription.dispose();
  }

  @Test
  void afterSettingsThatOutliveTheTransaction() {
    asApi("a", "select set_config('slipway.tenant', 'a', false)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into delivery select * from delivery",
        "update delivery set tenant = 'b'",
        "delete from delivery",
        "truncate delivery",
        "drop table delivery",
        "alter table delivery disable row level security",
        "create table mine (id int)",
        "select * from inbox",
        "select * from repository",
        "update stage_position set next_offset = 0",
        "set row_security = off; select * from delivery"
      })
  void theApiRoleReadsItsRowsAndNothingElse(String sql) {
    assertThatThrownBy(() -> asApi("a", sql)).isInstanceOf(RuntimeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drop table delivery",
        "alter table delivery disable row level security",
        "create table mine (id int)",
        "truncate inbox",
        "delete from repository",
        "drop schema pr cascade"
      })
  void theStageRoleNeitherDefinesNorDeletes(String sql) {
    assertThatThrownBy(() -> database.inStage(transaction -> transaction.update(sql)))
        .isInstanceOf(RuntimeException.class);
  }

  /// Of deliveries what may be old enough to be let go, and no other.
  @Test
  void theStageDeletesNoYoungDelivery() {
    var added = new AtomicInteger();
    var deleted = new AtomicInteger(-1);

    assertThatThrownBy(() ->
            database.inStage(transaction -> {
              added.set(
                  transaction.update(
                      """
                      insert into delivery (delivery_id, tenant, event, received_at, content_type, body_bytes,
                        body_sha256, topic, partition, record_offset, outcome)
                      values (gen_random_uuid(), 'a', 'push', now() - interval '21 days', 'application/json', 2,
                        sha256('{}'), 't', 0, 0, 'APPLIED')
                      """));
              deleted.set(
                  transaction.update("delete from delivery where event = 'push' and topic = 't'"));
              throw new IllegalStateException("undone");
            }))
        .hasMessage("undone");

    assertThat(added).hasValue(1);
    assertThat(deleted).hasValue(0);
  }

  @Test
  void theStageSeesEveryTenant() {
    List<Recorded> rows =
        database.inStage(
            transaction -> transaction.query("select * from delivery", DeliveryStore::recorded));

    assertThat(rows).containsExactlyInAnyOrder(row(1, "a"), row(2, "b"), row(3, "a"), row(1, "b"));
  }

  private static void asApi(String tenant, String sql) {
    var _ = database.asApi(tenant, client -> client.sql(sql).fetch().rowsUpdated()).block(PATIENCE);
  }

  private static List<Integer> seenBy(String tenant) {
    List<DeliveryQueries.Row> rows =
        database.asApi(tenant, client -> DeliveryQueries.list(client, ALL)).block(PATIENCE);
    return rows == null
        ? List.of()
        : rows.stream()
            .map(row ->
                (int) (row.delivery().webhook().id().value().getLeastSignificantBits() & 0xff))
            .toList();
  }

  private static Recorded row(int number, String tenant) {
    return new Recorded(
        TestWebhooks.webhook(number, tenant, number), Verdict.ignored("ping"), null, List.of());
  }

  private static @Nullable Recorded find(String tenant, int number) {
    return database
        .asApi(
            tenant,
            client ->
                DeliveryQueries.find(client, TestWebhooks.id(number))
                    .map(DeliveryQueries.Row::delivery))
        .block(PATIENCE);
  }
}
