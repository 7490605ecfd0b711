package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.stage.Ask.Due;
import dev.slipway.pipeline.stage.StageQueue.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StageQueueTest {
  private static final Duration SO_LONG_THAT_NOBODY_WAITS = Duration.ofDays(1);

  @Test
  void whatHasNothingToWaitForTakesTheRecordsAlongThatRest() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(500, 10, SO_LONG_THAT_NOBODY_WAITS, Duration.ZERO);
    put(queue, 0);
    assertThat(taken(queue).slices()).hasSize(1);
    put(queue, 1);
    put(queue, 2);

    queue.due(List.of(new Due<>(new AggregateId("default", "a"), "late", Instant.EPOCH)));

    Turn<String, String, String> turn = taken(queue);
    assertThat(turn.asks()).hasSize(1);
    assertThat(turn.slices()).hasSize(2);
  }

  @Test
  void recordsThatCameUpWhileOthersRestedShareATurn() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(500, 10, Duration.ofMillis(1), Duration.ZERO);
    put(queue, 0);
    assertThat(taken(queue).slices()).hasSize(1);
    put(queue, 1);
    put(queue, 2);

    assertThat(taken(queue).slices()).hasSize(2);
  }

  @Test
  void aDoorThatHasReadForOneTurnReadsAgainShortlyBeforeTheNext() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(500, 10, SO_LONG_THAT_NOBODY_WAITS, Duration.ZERO);
    queue.awaitRecords(); // no turn has been
    put(queue, 0);
    assertThat(taken(queue).slices()).hasSize(1);

    Thread door =
        Thread.ofPlatform()
            .start(() -> {
              try {
                queue.awaitRecords();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });

    await().until(door::getState, Thread.State.TIMED_WAITING::equals);
    door.interrupt();
    door.join();
  }

  @Test
  void afterATurnThatConcernedNobodyRecordsRestLonger() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(500, 10, Duration.ZERO, SO_LONG_THAT_NOBODY_WAITS);
    settle(queue, Counts.UNROUTED.plus(Counts.APPLIED));
    settle(queue, Counts.UNROUTED.plus(Counts.KNOWN)); // at once: one of the last was somebody's
    put(queue, 2);
    var next = new FutureTask<>(() -> taken(queue));
    Thread committer = Thread.ofPlatform().start(next);
    await().until(committer::getState, Thread.State.TIMED_WAITING::equals);

    queue.due(List.of(new Due<>(new AggregateId("default", "a"), "late", Instant.EPOCH)));

    assertThat(next.get().slices()).hasSize(1);
  }

  private static void settle(StageQueue<String, String, String> queue, Counts counts)
      throws InterruptedException {
    put(queue, 0);
    Taken<String, String, String> taken = queue.take().orElseThrow();
    Slice<String> slice = taken.turn().slices().getFirst();
    var result =
        new SliceResult(Position.at(slice.topicId(), slice.next()), counts, 0, null, List.of());
    queue.ended(taken, List.of(() -> queue.settled(slice, result)));
  }

  @Test
  void whatComesInWhileATurnIsOnItsWaySharesTheNext() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(4, 10, Duration.ZERO, Duration.ZERO);
    put(queue, 0);
    Taken<String, String, String> first = queue.take().orElseThrow();
    put(queue, 1);
    var second = new FutureTask<>(() -> taken(queue));
    Thread committer = Thread.ofPlatform().start(second);
    await().until(committer::getState, Thread.State.WAITING::equals);

    put(queue, 2); // half of what a turn may hold

    assertThat(second.get().slices()).hasSize(2);
    queue.ended(first, List.of());
  }

  @Test
  void aDeadlineThatIsTriedByItselfIsNotPutDownOnceMore() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(500, 10, Duration.ZERO, Duration.ZERO);
    var due =
        new Due<String, String, String>(new AggregateId("default", "a"), "late", Instant.EPOCH);
    queue.due(List.of(due));
    queue.later(taken(queue), Duration.ZERO, 1);
    queue.due(List.of(due));
    Taken<String, String, String> alone = queue.take().orElseThrow();

    queue.due(List.of(due));

    assertThat(alone.alone()).isEqualTo(1);
    assertThat(queue.size()).isZero();
    queue.ended(alone, List.of());
  }

  @Test
  void aDoorThatWaitsForATurnWithDeadlinesIsWokenByTheEnd() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(500, 10, Duration.ZERO, Duration.ZERO);
    queue.due(List.of(new Due<>(new AggregateId("default", "a"), "late", Instant.EPOCH)));
    Taken<String, String, String> onItsWay = queue.take().orElseThrow();
    var mayLook = new FutureTask<>(() -> queue.awaitDeadlines(SO_LONG_THAT_NOBODY_WAITS));
    Thread door = Thread.ofPlatform().start(mayLook);
    await().until(door::getState, Thread.State.TIMED_WAITING::equals);

    assertThat(queue.close()).isEmpty();

    assertThat(mayLook.get(10, TimeUnit.SECONDS)).isFalse();
    queue.ended(onItsWay, List.of());
  }

  @Test
  void nobodyWaitsForWhatIsTriedByItself() throws Exception {
    StageQueue<String, String, String> queue =
        new StageQueue<>(500, 10, Duration.ZERO, Duration.ZERO);
    put(queue, 0);
    queue.later(taken(queue), Duration.ZERO, 1);
    Taken<String, String, String> alone = queue.take().orElseThrow();
    put(queue, 1);

    assertThat(taken(queue).slices()).hasSize(1);
    queue.ended(alone, List.of());
  }

  private static void put(StageQueue<String, String, String> queue, int partition) {
    CompletableFuture<SliceResult> _ =
        queue.offer(
            new Slice<>(new TopicPartition("topic", partition), "id", 0, 1, null, List.of()));
  }

  private static Turn<String, String, String> taken(StageQueue<String, String, String> queue)
      throws InterruptedException {
    Taken<String, String, String> taken = queue.take().orElseThrow();
    queue.ended(taken, List.of());
    return taken.turn();
  }
}
