package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// From rows to records, each exactly once.
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

    world.append(new OutboxRecord(Topics.PULL_REQUEST_EVENTS, "1001#7", envelope, value));

    world.awaitMarked();
    await().until(() -> !world.read("read_committed").isEmpty());
    ConsumerRecord<byte[], byte[]> record = world.read("read_committed").getFirst();
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("1001#7");
    assertThat(record.value()).isEqualTo(value);
    assertThat(CloudEvent.from(record.headers())).contains(envelope);
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
    var slow =
        world
            .database()
            .asStage(client ->
                world
                    .next(client, 3)
                    .then(Mono.fromRunnable(started::countDown))
                    .then(Mono.fromCallable(() -> awaited(committed)))
                    .subscribeOn(Schedulers.boundedElastic()))
            .toFuture();
    assertThat(awaited(started)).isTrue();
    world.write(4);
    await().until(() -> world.read("read_committed").size() == 4);

    committed.countDown();

    assertThat(slow).succeedsWithin(OutboxWorld.PATIENCE);
    await().atMost(OutboxWorld.PATIENCE).until(() -> world.read("read_committed").size() == 7);
    world.awaitMarked();
    assertThat(world.read("read_committed")).hasSize(7);
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

    var _ =
        world
            .database()
            .asStage(client -> world.next(client, 1).thenReturn(true))
            .block(Duration.ofSeconds(5));

    world.awaitMarked();
    world.assertPublishedOnce(2);
  }
}
