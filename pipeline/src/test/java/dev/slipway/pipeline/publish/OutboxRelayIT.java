package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.disk.DiskProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.publisher.Checkpoint;
import dev.slipway.schemas.publisher.RowsPublished;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/// From rows to records and notifications, each exactly once.
class OutboxRelayIT {
  private static final int MIB = 1024 * 1024;

  private OutboxWorld world;

  @BeforeEach
  void create() {
    world = OutboxWorld.create();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aRowBecomesARecordWithItsKeyEnvelopeAndBytes() {
    var envelope =
        new CloudEvent(
            UUID.fromString("019b0000-0000-7000-8000-000000000001"),
            "pull_request.merged",
            "pr-service",
            OutboxWorld.TIME,
            "acme/site#7",
            3L,
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    byte[] value = {0, 1, -1, 127};
    world.run();

    world.append(
        new OutboxRecord(Topics.PULL_REQUEST_EVENTS, "globex", "globex/1001#7", envelope, value));

    world.awaitMarked();
    await().until(() -> !world.notifications("read_committed").isEmpty());
    ConsumerRecord<byte[], byte[]> record = world.read("read_committed").getFirst();
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("globex/1001#7");
    assertThat(record.value()).isEqualTo(value);
    assertThat(CloudEvent.from(record.headers())).contains(envelope);
    ConsumerRecord<byte[], byte[]> notification = world.notifications("read_committed").getFirst();
    assertThat(CloudEvent.from(notification.headers())).contains(envelope);
    assertThat(new String(notification.key(), StandardCharsets.UTF_8)).isEqualTo("globex");
    assertThat(notification.partition()).isEqualTo(OutboxWorld.partitionOf("globex"));
    assertThat(world.decoded(notification).getTopics()).containsExactly("/t/globex/test");
    assertThat(world.decoded(notification).getType()).isEqualTo("pull_request.merged");
  }

  @Test
  void whatCannotBeRenderedOrIsTooLargeGoesAsUnknownAndHoldsUpNothing() {
    world.run();

    world.append(
        OutboxWorld.numbered(0, TestRenderer.UNREADABLE.getBytes(StandardCharsets.UTF_8)),
        // six times as long in JSON
        OutboxWorld.numbered(1, "\u0001".repeat(300_000).getBytes(StandardCharsets.UTF_8)),
        OutboxWorld.numbered(2, OutboxWorld.value(2)));

    world.awaitMarked();
    await().until(() -> world.notified().equals(List.of(0L, 1L, 2L)));
    var notifications = world.notifications("read_committed").stream().map(world::decoded).toList();
    assertThat(notifications)
        .extracting(notification -> notification.getType())
        .containsExactly("unknown", "unknown", "pull_request.updated");
    assertThat(StandardCharsets.UTF_8.decode(notifications.getFirst().getJson()).toString())
        .isEqualTo(
            """
            {"id":"00000000-0000-7000-8000-000000000000","type":"unknown",\
            "time":"2026-01-02T03:04:05.678Z","sequence":0,\
            "context":{"tenant":"acme","user_id":null,"task_id":null,"execution_id":null,"squad_id":null,\
            "agent_id":null,"session_id":null,"sandbox_id":null},\
            "data":{"event_type":"pull_request.updated","subject":null,"topic":"pull-request.events",\
            "key":"key 0"}}\
            """);
    assertThat(world.counted("slipway.publisher.unknown")).isEqualTo(2);
  }

  @Tag("slow")
  @Test
  void rowsOfManyTurnsAreEachPublishedOnceInOrder() {
    world.write(500);
    world.run(7, UnaryOperator.identity());
    world.write(500);

    world.awaitMarked();

    world.assertPublishedOnce(1_000);
  }

  @Test
  void aRowWhoseIdIsLowerButCommittedLaterIsPublishedToo() {
    world.run();
    var committed = new CountDownLatch(1);
    var started = new CountDownLatch(1);
    CompletableFuture<Boolean> slow =
        CompletableFuture.supplyAsync(
            () ->
                world
                    .database()
                    .inStage(transaction -> {
                      world.next(transaction, 3);
                      started.countDown();
                      return awaited(committed);
                    }),
            task -> Thread.ofVirtual().start(task));
    assertThat(awaited(started)).isTrue();
    world.write(4);
    await().atMost(OutboxWorld.PATIENCE).until(() -> world.read("read_committed").size() == 4);

    committed.countDown();

    assertThat(slow).succeedsWithin(OutboxWorld.PATIENCE);
    await().atMost(OutboxWorld.PATIENCE).until(() -> world.read("read_committed").size() == 7);
    world.awaitMarked();
    assertThat(world.read("read_committed")).hasSize(7);
  }

  @Test
  void theSameTurnIsAnsweredUntilItsFateIsTold() {
    world.write(3);
    try (var relay = world.relay(1_000)) {
      relay.resume(null);
      Turn turn = relay.next();

      world.write(2);

      assertThat(relay.next()).isSameAs(turn);
      relay.told(new Outcome.Committed());
      assertThat(relay.next().records()).hasSize(2);
    }
  }

  @Test
  void aTurnWhoseCheckpointCannotBeWrittenIsNotLost() {
    world.write(3);
    try (var relay = world.relay(1_000)) {
      relay.resume(null);
      Turn lost = relay.next();
      assertThat(lost.records()).hasSize(3);

      relay.rest(); // leads no more, and was told nothing
      relay.resume(null);

      assertThat(relay.next().records()).hasSize(3);
    }
  }

  @Test
  void rowsThatACheckpointOfAnotherDatabaseNamesAreNotMarked() {
    world.write(3);
    var others = List.of(new UUID(0, 1), new UUID(0, 2), OutboxWorld.id(2));
    try (var relay = world.relay(1_000)) {
      relay.resume(new Checkpoint(new RowsPublished(List.of(1L, 2L, 3L), others, List.of())));
    }

    assertThat(world.count("published_at is null")).isEqualTo(2);
  }

  @Test
  void aCheckpointOfAnEarlierBuildIsRead() {
    world.write(3);
    try (var relay = world.relay(1_000)) {
      relay.resume(new Checkpoint(new RowsPublished(List.of(1L, 2L), List.of(), List.of())));
    }

    assertThat(world.count("published_at is null")).isEqualTo(1);
  }

  @Test
  void anotherTenantsRecordsOfOneKeyAreNotHeldBack() {
    world.run();

    world.append(
        OutboxWorld.numbered("acme", 1, new byte[2 * MIB]),
        OutboxWorld.numbered("globex", 1, OutboxWorld.value(1)),
        OutboxWorld.numbered("acme", 8, OutboxWorld.value(8)));

    await().atMost(OutboxWorld.PATIENCE).until(() -> world.count("published_at is null") == 2);
    assertThat(world.count("published_at is not null and tenant = 'globex'")).isEqualTo(1);
    await().until(() -> world.metric("slipway.publisher.held.back") == 1);
  }

  @Test
  void onADiskThatIsNearlyFullNothingIsPublishedUntilThereIsRoom(@TempDir Path folder)
      throws IOException {
    Path data = folder.resolve("data"); // where there is nothing, nothing is free
    world.write(3);
    var disk = DiskSpace.of(new DiskProperties(data, DataSize.ofMegabytes(1)));
    try (Database watched = world.address().open(disk)) {
      Publisher relay = world.run(world.relay(watched, 1_000, BootNote.of(null, "")));
      Files.createDirectory(folder.resolve("other"));
      await().until(relay::isRunning);
      assertThat(world.read("read_committed")).isEmpty();

      Files.createDirectory(data);

      world.awaitMarked();
      relay.stop();
    }
    world.assertPublishedOnce(3);
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(15, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Tag("slow")
  @Test
  void ofTwoRelaysOneLeadsAndTheOtherTakesOver() {
    var first = world.run(5, UnaryOperator.identity());
    var second = world.run(5, UnaryOperator.identity());
    world.write(100);
    await().atMost(OutboxWorld.PATIENCE).until(() -> first.isLeader() != second.isLeader());
    var leader = first.isLeader() ? first : second;
    var other = first.isLeader() ? second : first;
    world.write(100);

    leader.stop();

    world.write(100);
    await().atMost(OutboxWorld.PATIENCE).until(other::isLeader);
    world.awaitMarked();
    world.assertPublishedOnce(300);
  }

  @Tag("slow")
  @Test
  void aTurnWhoseMarkIsLostIsMarkedFromTheCheckpoint() {
    world.write(10);
    var forgetful =
        world.run(
            10,
            source ->
                new InterruptedSource(
                    source,
                    InterruptedSource.Point.AFTER_COMMIT,
                    () -> {
                      throw new IllegalStateException("forgets what it has published");
                    }));

    world.awaitMarked();

    assertThat(forgetful.isRunning()).isTrue();
    world.write(10);
    world.awaitMarked();
    world.assertPublishedOnce(20);
  }

  @Tag("slow")
  @Test
  void aTurnThatFailsBeforeItsCommitIsPublishedOnce() {
    world.write(10);
    world.run(
        10,
        source ->
            new InterruptedSource(
                source,
                InterruptedSource.Point.AFTER_SEND,
                () -> {
                  throw new IllegalStateException("fails after sending");
                }));

    world.awaitMarked();

    world.assertPublishedOnce(10);
  }

  @Tag("slow")
  @Test
  void aRecordThatTheTopicDoesNotTakeHoldsBackItsKeyAlone() {
    world.run();

    world.append(
        OutboxWorld.numbered(0, OutboxWorld.value(0)),
        OutboxWorld.numbered(1, new byte[2 * MIB]),
        OutboxWorld.numbered(2, OutboxWorld.value(2)),
        OutboxWorld.numbered(8, OutboxWorld.value(8)),
        OutboxWorld.numbered(9, OutboxWorld.value(9)));

    await().atMost(OutboxWorld.PATIENCE).until(() -> world.count("published_at is null") == 2);
    await()
        .until(
            () -> world.published("read_committed"),
            Map.of("key 0", List.of(0L), "key 2", List.of(2L, 9L))::equals);
    await().until(() -> world.metric("slipway.publisher.held.back") == 1);
  }

  @Tag("slow")
  @Test
  void rowsThatWerePublishedLongAgoAreDeleted() {
    world.write(10);
    world.run();
    world.awaitMarked();

    world.execute(
        "update outbox set published_at = now() - interval '25 hours' where outbox_id <= 7");

    await().atMost(OutboxWorld.PATIENCE).until(() -> world.count("true") == 3);
    world.write(1);
    world.awaitMarked();
    assertThat(world.count("true")).isEqualTo(4);
  }

  @Tag("slow")
  @Test
  void anotherProcessesRowsAreFoundWithoutAWakeup() {
    world.run();
    world.write(1);
    world.awaitMarked();

    world.writeQuietly(1);

    world.awaitMarked();
    world.assertPublishedOnce(2);
  }
}
