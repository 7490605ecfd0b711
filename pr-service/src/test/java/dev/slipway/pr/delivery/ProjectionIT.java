package dev.slipway.pr.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.stage.StageTrial;
import dev.slipway.pr.delivery.TestPayloads.Payload;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.GitHubObserved;
import dev.slipway.schemas.github.WebhookReceived;
import dev.slipway.schemas.pullrequest.Approved;
import dev.slipway.schemas.pullrequest.Opened;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import io.r2dbc.spi.Readable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The stage as it runs, on a real database, without Kafka.
class ProjectionIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TopicPartition PARTITION = new TopicPartition("github.deliveries", 0);

  private static final List<String> STATE =
      List.of(
          "select tenant, repository_id, full_name, url, seen_at from repository_name",
          "select tenant, repository_id, number, core, merge, reviews, state, author, head_sha, created_at,"
              + " ambiguous from pull_request",
          "select * from commit_check",
          "select * from pull_request_comment",
          "select * from workflow_run");

  /// Dense in events of one second; the check comes before its pull request.
  private static final List<Payload> LIFE =
      List.of(
          TestPayloads.status(1, "aa", "pending"),
          TestPayloads.review(7, 1, "commented", 0),
          TestPayloads.pullRequest("opened", 7, 1, "{}"),
          TestPayloads.pullRequest("labeled", 7, 1, "{\"labels\":[{\"name\":\"x\"}]}"),
          TestPayloads.checkRun(5, "aa", "completed", "\"success\""),
          TestPayloads.status(2, "aa", "success"),
          TestPayloads.review(7, 2, "approved", 2),
          TestPayloads.comment(7, 3, 2, "created"),
          TestPayloads.comment(7, 3, 3, "deleted"),
          TestPayloads.pullRequest(
              "synchronize", 7, 3, "{\"head\":{\"ref\":\"topic\",\"sha\":\"bb\"}}"),
          TestPayloads.workflowRun(9, "bb", 2),
          TestPayloads.workflowRun(9, "bb", 1),
          TestPayloads.pullRequest(
              "closed",
              7,
              4,
              """
              {"state":"closed","closed_at":"2026-01-01T00:00:04Z","merged_at":"2026-01-01T00:00:04Z",
               "merged_by":{"login":"octocat"},"merge_commit_sha":"cc","head":{"ref":"topic","sha":"bb"}}
              """),
          TestPayloads.pullRequest("opened", 8, 1, "{}"),
          TestPayloads.pullRequest("closed", 8, 1, "{\"state\":\"closed\"}"),
          TestPayloads.renamed("acme/shop", "site", 5));

  @Test
  void anyOrderRepetitionAndSplitOfDeliveriesEndsInTheSameRows() {
    List<List<?>> expected = rows(fold(LIFE, LIFE.size()));

    for (int seed = 0; seed < 5; seed++) {
      var other = new ArrayList<>(LIFE);
      other.addAll(LIFE.subList(0, seed));
      Collections.shuffle(other, new Random(seed));

      List<List<?>> actual = rows(fold(other, 1 + seed % 5));

      assertThat(actual).as("order of seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void theRowIsWhatWasSaid() {
    Database database = fold(LIFE, 4);

    List<Map<String, Object>> rows =
        select(
            database,
            "select number, state, head_sha, ambiguous, version, core->'details'->>'title' as title,"
                + " merge->>'commit_sha' as merged from pull_request order by number");

    assertThat(rows)
        .extracting(row ->
            List.of(row.get("number"), row.get("state"), row.get("head_sha"), row.get("ambiguous")))
        .containsExactly(List.of(7, "MERGED", "bb", false), List.of(8, "CLOSED", "aa", true));
    assertThat(rows.getFirst()).containsEntry("title", "Change 7").containsEntry("merged", "cc");
  }

  @Test
  void eventsAreInTheOutboxAndInTheTimelineWithDenseVersions() {
    Database database = fold(LIFE, 5);

    List<Map<String, Object>> published =
        select(
            database,
            "select record_key, ce_type, ce_sequence, ce_id, octet_length(value) > 0 as full from outbox"
                + " where record_key = 'acme/42#7' order by outbox_id");
    List<Map<String, Object>> timeline =
        select(
            database,
            "select 'acme/42#7' as record_key, type as ce_type, version as ce_sequence, event_id as ce_id, true as full"
                + " from pull_request_event where number = 7 order by version");

    assertThat(published).isEqualTo(timeline);
    assertThat(published)
        .extracting(row -> row.get("ce_type"))
        .containsExactly(
            "pull_request.opened",
            "pull_request.updated",
            "pull_request.checks",
            "pull_request.checks",
            "pull_request.approved",
            "pull_request.updated",
            "pull_request.checks",
            "pull_request.merged");
    assertThat(select(database, "select version from pull_request where number = 7"))
        .containsExactly(Map.of("version", published.size()));
  }

  @Test
  void twoTenantsNeverShareARow() {
    Database database = database();
    var stage = trial(database);
    var mine = record(0, "acme", TestPayloads.pullRequest("opened", 7, 1, "{}"));
    var theirs =
        record(1, "globex", TestPayloads.pullRequest("opened", 7, 2, "{\"title\":\"Theirs\"}"));

    long applied = stage.read(List.of(mine, theirs)).getAsLong();

    assertThat(applied).isEqualTo(2);
    assertThat(
            select(
                database,
                "select tenant, core->'details'->>'title' as title from pull_request order by tenant"))
        .containsExactly(
            Map.of("tenant", "acme", "title", "Change 7"),
            Map.of("tenant", "globex", "title", "Theirs"));
  }

  @Test
  void aPullRequestFirstHeardOfThroughTheApiIsAnnouncedWithItsRepositorysName() {
    Database database = database();
    var object = TestPayloads.pullRequest("", 7, 1, "{}").json();
    ((ObjectNode) object.at("/pull_request/base")).set("repo", object.path("repository"));

    long applied =
        trial(database)
            .read(List.of(observed(0, object.path("pull_request").toString())))
            .getAsLong();

    assertThat(applied).isEqualTo(1);
    PullRequestEvent event = published(database).getFirst();
    assertThat(event.getBody()).isInstanceOf(Opened.class);
    assertThat(event.getDeliveryId()).isNull();
    assertThat(event.getPullRequest().getRepositoryId()).isEqualTo(42);
    assertThat(event.getPullRequest().getRepositoryFullName()).isEqualTo("acme/site");
    assertThat(event.getPullRequest().getRepositoryUrl())
        .isEqualTo("https://github.test/acme/site");
    assertThat(select(database, "select record_key from outbox"))
        .containsExactly(Map.of("record_key", "acme/42#7"));
  }

  /// They hang on a commit that only its row names.
  @Test
  void anEventShowsTheChecksOnTheHeadThatWasKnownBefore() {
    Database database =
        fold(
            List.of(
                TestPayloads.pullRequest("opened", 7, 1, "{}"),
                TestPayloads.status(1, "aa", "success"),
                TestPayloads.review(7, 2, "approved", 2)),
            1);

    List<PullRequestEvent> published = published(database);

    assertThat(published.getLast().getBody()).isInstanceOf(Approved.class);
    assertThat(published.getLast().getPullRequest().getChecks().getSucceeded()).isEqualTo(1);
  }

  /// An index refuses a key above a third of a page, and such a text cannot be compressed.
  @Test
  void namesThatNoIndexTakesAreKeptApartFromOthers() {
    Database database = database();
    String longest =
        new Random(1)
            .ints(5_000, 0x4e00, 0x9fff)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      var payload =
          i % 2 == 0
              ? TestPayloads.checkRun(i, "aa", "completed", "\"success\"")
              : TestPayloads.status(i, "aa", "success");
      if (i % 2 == 0) {
        ((ObjectNode) payload.json().path("check_run")).put("name", longest + i);
      } else {
        payload.json().put("context", longest + i);
      }
      ((ObjectNode) payload.json().path("repository")).put("full_name", "acme/" + longest + i);
      records.add(record(i, "acme", payload));
    }

    long _ = trial(database).read(records).getAsLong();

    assertThat(select(database, "select distinct outcome from delivery"))
        .containsExactly(Map.of("outcome", "APPLIED"));
    assertThat(select(database, "select name from commit_check")).hasSize(4);
    assertThat(select(database, "select full_name from repository_name")).hasSize(4);
  }

  /// As the stage and a replay of it do. Each begins from what the other has committed.
  @Test
  void twoTransactionsAtOnceOnOnePullRequestLoseNothing() {
    Database database = database();
    var one = trial(database, PARTITION);
    var other = trial(database, new TopicPartition("github.deliveries", 1));
    long _ =
        one.read(List.of(record(0, "acme", TestPayloads.pullRequest("opened", 7, 1, "{}"))))
            .getAsLong();
    int rounds = 40;

    CompletableFuture<Void> beside =
        CompletableFuture.runAsync(
            () -> rounds(other, new TopicPartition("github.deliveries", 1), 0, rounds, 1_000));
    rounds(one, PARTITION, 1, rounds, 0);
    beside.join();

    assertThat(
            select(
                database,
                "select jsonb_array_length(reviews) as reviews, version from pull_request"))
        .containsExactly(Map.of("reviews", 2 * rounds, "version", 1 + 2 * rounds));
  }

  /// A review each.
  private static void rounds(
      StageTrial<?, ?, ?> stage, TopicPartition partition, long from, int count, int idBase) {
    for (int round = 0; round < count; round++) {
      var review = TestPayloads.review(7, idBase + round, "approved", round % 60);
      long _ = stage.read(List.of(record(partition, from + round, "acme", review))).getAsLong();
    }
  }

  @Test
  void aPayloadOfAnotherTypeIsRejectedWithItsReason() {
    Database database = database();
    var payload = TestPayloads.pullRequest("opened", 7, 1, "{\"head\":[]}");
    var without = TestPayloads.pullRequest("opened", 8, 1, "{\"updated_at\":null}");

    long _ =
        trial(database)
            .read(List.of(record(0, "acme", payload), record(1, "acme", without)))
            .getAsLong();

    assertThat(select(database, "select outcome, reason from delivery order by record_offset"))
        .containsExactly(
            Map.of("outcome", "REJECTED", "reason", "wrong_type"),
            Map.of("outcome", "REJECTED", "reason", "no_pull_request"));
    assertThat(select(database, "select * from pull_request")).isEmpty();
  }

  private static Database fold(List<Payload> payloads, int batch) {
    Database database = database();
    var stage = trial(database);
    for (int from = 0; from < payloads.size(); from += batch) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = from; i < Math.min(from + batch, payloads.size()); i++) {
        records.add(record(i, "acme", payloads.get(i)));
      }
      long _ = stage.read(records).getAsLong();
    }
    return database;
  }

  private static Database database() {
    var properties =
        new DatabaseProperties(
            new Secret(SharedPostgres.newDatabase()),
            2,
            1,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));
    Migrations.migrate(properties, "pr");
    return Database.of(properties, "pr");
  }

  private static StageTrial<?, ?, ?> trial(Database database) {
    return trial(database, PARTITION);
  }

  private static StageTrial<?, ?, ?> trial(Database database, TopicPartition partition) {
    AvroRuntime.prepare();
    return StageTrial.begin(
        DeliveryStage.of(
            (_, bytes) -> avro(() -> Delivery.fromByteBuffer(ByteBuffer.wrap(bytes))),
            (_, event) -> avro(event::toByteBuffer).array(),
            "pull-request.events"),
        database,
        partition);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long offset, String tenant, Payload payload) {
    return record(PARTITION, offset, tenant, payload);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      TopicPartition partition, long offset, String tenant, Payload payload) {
    var id = new UUID(7 + partition.partition(), offset);
    var value =
        new Delivery(
            new Context(tenant, null, null, null, null, null, null, null),
            WebhookReceived.newBuilder()
                .setEvent(payload.event())
                .setAction(payload.action().isEmpty() ? null : payload.action())
                .setGuid(id.toString())
                .setRepositoryId(42L)
                .setRepositoryFullName("acme/site")
                .setNumber(payload.number())
                .setSender("octocat")
                .setReceivedAt(Instant.parse("2026-02-01T00:00:00Z").plusSeconds(offset))
                .setContentType("application/json")
                .setBody(ByteBuffer.wrap(payload.json().toString().getBytes(UTF_8)))
                .build());
    var record =
        new ConsumerRecord<byte[], byte[]>(
            partition.topic(),
            partition.partition(),
            offset,
            new byte[0],
            avro(value::toByteBuffer).array());
    new CloudEvent(
            Ids.deliveryRecord(tenant, id),
            DeliveryCodec.WEBHOOK_RECEIVED,
            "test",
            Instant.EPOCH,
            null,
            null,
            null)
        .addTo(record.headers());
    return record;
  }

  /// An answer of the API.
  private static ConsumerRecord<byte[], byte[]> observed(long offset, String body) {
    var value =
        new Delivery(
            new Context("acme", null, null, null, null, null, null, null),
            GitHubObserved.newBuilder()
                .setRepositoryId(42L)
                .setNumber(7L)
                .setResource("/repos/acme/site/pulls/7")
                .setObservedAt(Instant.parse("2026-02-01T00:00:00Z"))
                .setReceivedAt(Instant.parse("2026-02-01T00:00:01Z"))
                .setBody(ByteBuffer.wrap(body.getBytes(UTF_8)))
                .build());
    var record =
        new ConsumerRecord<byte[], byte[]>(
            PARTITION.topic(),
            PARTITION.partition(),
            offset,
            new byte[0],
            avro(value::toByteBuffer).array());
    new CloudEvent(
            new UUID(9, offset), DeliveryCodec.OBSERVED, "test", Instant.EPOCH, null, null, null)
        .addTo(record.headers());
    return record;
  }

  /// What is to be published, in order.
  private static List<PullRequestEvent> published(Database database) {
    return select(
            database,
            "select value from outbox order by outbox_id",
            row -> Columns.required(row, "value", byte[].class))
        .stream()
        .map(value -> avro(() -> PullRequestEvent.fromByteBuffer(ByteBuffer.wrap(value))))
        .toList();
  }

  /// Avro without a registry.
  private static <T> T avro(Coding<T> coding) {
    try {
      return coding.apply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FunctionalInterface
  private interface Coding<T> {
    T apply() throws IOException;
  }

  private static List<List<?>> rows(Database database) {
    List<List<?>> rows = new ArrayList<>();
    for (String sql : STATE) {
      rows.add(select(database, "select to_jsonb(t)::text as row from (" + sql + ") t order by 1"));
    }
    database.close();
    return rows;
  }

  private static <T> List<T> select(Database database, String sql, Function<Readable, T> row) {
    return database.inStage(transaction -> transaction.query(sql, row));
  }

  /// Each row as JSON has it.
  private static List<Map<String, Object>> select(Database database, String sql) {
    return select(
        database,
        "select to_jsonb(t)::text as row from (" + sql + ") t",
        row ->
            JSON.readValue(Columns.required(row, "row", String.class), new TypeReference<>() {}));
  }
}
