package dev.slipway.pr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.retention.Pruning;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.delivery.TestPayloads;
import dev.slipway.pr.delivery.TestPayloads.Payload;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.web.security.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Deliveries that are kept for thirty days and timelines that are kept for ten, from the moment
/// that all of it is still in the log.
@TestMethodOrder(OrderAnnotation.class)
class RetentionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration OLD = Duration.ofDays(60);
  private static final Duration YOUNG = Duration.ofDays(1);
  private static final int EACH = 10;
  private static final String TENANT = "acme"; // whose records have ids of their own
  private static final long OF_DEAD = 1;

  /// Of a clock that was wrong: its record is in the log.
  private static final int LATE = 2 * EACH;

  private static TestPrService service;
  private static Webhooks webhooks;
  private static RecordMetadata lastOld;

  @BeforeAll
  static void start() {
    service =
        TestPrService.start(
            "--slipway.retention.deliveries=30d",
            "--slipway.retention.timeline=10d",
            "--slipway.retention.interval=1s",
            "--slipway.retention.rows=3");
    webhooks = new Webhooks(service.clients());
    lastOld = send(1, OLD);
    for (int number = 2; number <= EACH; number++) {
      lastOld = send(number, OLD);
    }
    for (int number = 1; number < EACH; number++) {
      var _ = send(EACH + number, YOUNG);
    }
    var _ = send(LATE, OLD);
    await()
        .atMost(PATIENCE)
        .until(() -> count("select count(*) from delivery"), Long.valueOf(2 * EACH)::equals);
    service.executeAsOwner(
        "update delivery set outcome = 'DEAD_LETTERED', reason = 'bug' where delivery_id = '%s'"
            .formatted(id(1)));
    await().atMost(PATIENCE).until(() -> lines() == EACH - 1);
  }

  @AfterAll
  static void stop() {
    webhooks.close();
    service.close();
  }

  @Test
  @Order(1)
  void linesOfTimelinesGoByTheirAgeAndARebuildLeavesThemOut() {
    assertThat(count("select count(*) from pull_request_event where at < now() - interval '10 d'"))
        .isZero();
    assertThat(count("select count(*) from pull_request")).isEqualTo(2 * EACH);

    Rebuild.Result rebuild = verify();

    assertThat(rebuild.begins()).isEmpty();
    assertThat(rebuild.comparison().differences())
        .extracting(RowDifference::column)
        .containsOnly("outcome", "reason"); // as it was made above
    assertThat(rebuild.comparison().tables()).allMatch(table -> table.leftOut().isEmpty());
  }

  @Test
  @Order(2)
  void aTimelineWhoseLinesAreGoneListsNothingElseInTheirPlace() {
    assertThat(timeline(2)).isEmpty();
    assertThat(timeline(EACH + 2)).containsExactly("pull_request.opened");
  }

  private static List<String> timeline(int number) {
    String body =
        service
            .as(TENANT, Scope.TASKS)
            .get()
            .uri("/api/v1/pull-requests/acme/site/" + number + "/timeline")
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    return JsonPath.read(body, "$.items[*].type");
  }

  @Test
  @Order(2)
  void rowsOfDeliveriesStayForAsLongAsTheLogHasThem() {
    long deleted = service.bean("deliveryPruning", Pruning.class).prune(() -> false);

    assertThat(deleted).isZero();
    assertThat(count("select count(*) from delivery")).isEqualTo(2 * EACH);
  }

  @Test
  @Order(3)
  void whatTheLogHasLetGoOfIsDeletedButForWhatMayYetComeIn() {
    // as Kafka does when segments are old
    service.asAdmin(admin -> {
      var partition = new TopicPartition(lastOld.topic(), lastOld.partition());
      return admin
          .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(lastOld.offset() + 1)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    });

    await()
        .atMost(PATIENCE)
        .until(() -> count("select count(*) from delivery"), Long.valueOf(EACH + OF_DEAD)::equals);

    assertThat(count("select count(*) from delivery where outcome = 'DEAD_LETTERED'"))
        .isEqualTo(OF_DEAD);
    assertThat(ofInbox(1, EACH)).isEqualTo(OF_DEAD);
    assertThat(ofInbox(EACH + 1, 2 * EACH)).isEqualTo(EACH);
    assertThat(count("select count(*) from pull_request")).isEqualTo(2 * EACH);
  }

  @Test
  @Order(4)
  void aLogThatLostItsBeginningIsNoLogThatLetGoOfIt() {
    assertThatThrownBy(RetentionIT::verify)
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("begins at offset");
  }

  @Test
  @Order(5)
  void aRebuildStillProvesThatRowsHoldAllThatTheLogSays() {
    service.apply(
        List.of(Topics.GITHUB_DELIVERIES), Map.of(Topics.GITHUB_DELIVERIES, Duration.ofDays(30)));

    Rebuild.Result rebuild = verify();

    assertThat(rebuild.records()).isEqualTo(EACH);
    assertThat(rebuild.begins().values()).containsExactly(lastOld.offset() + 1);
    assertThat(rebuild.comparison().differences()).isEmpty();
    assertThat(rebuild.comparison().tables())
        .extracting(TableComparison::table)
        .contains("delivery", "pull_request", "pull_request_event");

    service.executeAsOwner(
        """
        create table kept as select * from pull_request where number in (2, 12);
        delete from pull_request where number in (2, 12);
        update delivery set record_offset = record_offset + 1000 where delivery_id = '%s';
        """
            .formatted(id(13)));
    Rebuild.Result lost = verify();
    service.executeAsOwner(
        """
        insert into pull_request (tenant, repository_id, number, version, core, merge, reviews, state, author,
          head_sha, created_at, ambiguous)
        select tenant, repository_id, number, version, core, merge, reviews, state, author, head_sha, created_at,
          ambiguous from kept;
        drop table kept;
        update delivery set record_offset = record_offset - 1000 where delivery_id = '%s';
        """
            .formatted(id(13)));

    // of number 2 no record tells any more
    assertThat(lost.comparison().differences())
        .extracting(RowDifference::table, RowDifference::key)
        .extracting(Object::toString)
        .anyMatch(row -> row.contains("pull_request") && row.contains("number=12"))
        .anyMatch(row -> row.contains("delivery") && row.contains("" + id(13)))
        .noneMatch(row -> row.contains("number=2)"));
  }

  @Test
  @Order(6)
  void aReplayKnowsAllThatTheLogHolds() {
    WebTestClient admin = service.as("default", Scope.ADMIN);
    String asked =
        admin
            .post()
            .uri("/api/v1/admin/replays")
            .contentType(MediaType.APPLICATION_JSON)
            .bodyValue("{\"stage\":\"pr-service.deliveries\"}")
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    String id = JsonPath.read(asked, "$.items[0].replay_id");

    await().atMost(PATIENCE).until(() -> replay(admin, id, "state"), "DONE"::equals);

    assertThat(replay(admin, id, "counts.known")).isEqualTo(EACH);
    assertThat(replay(admin, id, "counts.applied")).isEqualTo(0);
  }

  private static Object replay(WebTestClient admin, String id, String field) {
    String body =
        admin
            .get()
            .uri("/api/v1/admin/replays/" + id)
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    return JsonPath.read(body, "$." + field);
  }

  private static Rebuild.Result verify() {
    StageRunner<?, ?, ?> stage = service.stage();
    return new Rebuild(stage.database(), stage.clients(), stage.properties())
        .verify(stage.stage(), RebuildIT.UNDISTURBED);
  }

  private static RecordMetadata send(int number, Duration age) {
    Payload payload = TestPayloads.pullRequest("opened", number, 1, "{}");
    return webhooks.send(
        id(number),
        TENANT,
        webhook ->
            webhook
                .setEvent(payload.event())
                .setAction(payload.action())
                .setReceivedAt(Instant.now().minus(age))
                .setRepositoryId(42L)
                .setNumber(payload.number())
                .setBody(ByteBuffer.wrap(payload.json().toString().getBytes(UTF_8))));
  }

  private static UUID id(int number) {
    return new UUID(9, number);
  }

  private static long lines() {
    return count("select count(*) from pull_request_event");
  }

  private static long ofInbox(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToLong(number ->
            count(
                "select count(*) from inbox where ce_id = '%s'"
                    .formatted(Ids.deliveryRecord(TENANT, id(number)))))
        .sum();
  }

  private static long count(String sql) {
    return service
        .database()
        .inStage(transaction ->
            transaction.query(sql, row -> Columns.required(row, "count", Long.class)))
        .getFirst();
  }
}
