package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.StageSource.Polled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door of records: one member of the stage's consumer group reads its share of the partitions
/// and puts what it read into the queue, a slice for each partition; reads on once all of it is
/// settled. What can never be settled is kept on the dead-letter topic here, before the transaction
/// that calls it dead.
final class RecordDoor<S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(RecordDoor.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /// Where nothing but records is waited for: they end it, and so do new partitions.
  private static final Duration POLL_AT_REST = Duration.ofSeconds(2);

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

  private final StageProcess<S, I, E> process;
  private final StageSource source;
  private final DeadLetters letters;
  private final int number;
  private final Condition condition;
  private final StoppableThread thread;

  // CONFINED: to the door's thread, as all that follow
  private final Backoff backoff;
  private final Map<TopicPartition, Pending<I>> pending = new HashMap<>();
  private Instant lastVerified;
  private boolean isAlone;

  /// @param number of the door, from 0
  RecordDoor(
      StageProcess<S, I, E> process,
      StageSource source,
      DeadLetters letters,
      int number,
      Condition condition,
      StoppableThread thread) {
    this.process = process;
    this.source = source;
    this.letters = letters;
    this.number = number;
    this.condition = condition;
    this.thread = thread;
    this.backoff =
        new Backoff(process.properties().minBackoff(), process.properties().maxBackoff());
    this.lastVerified = process.clock().instant();
  }

  /// What of a partition is in the queue, and what comes after it.
  private record Pending<I>(
      Slice<I> offered, List<Slice<I>> then, CompletableFuture<SliceResult> done) {}

  /// Runs until the stage is told to stop.
  void run() {
    while (!thread.isStopping()) {
      try {
        turn();
        backoff.reset();
        condition.goesOn();
      } catch (RetryableException e) {
        await(e);
      }
    }
  }

  private void turn() {
    source.place();
    verifyNowAndThen();
    awaitTurn();
    List<Polled> polled = source.poll(source.reading() ? POLL_AT_REST : POLL);
    if (!polled.isEmpty()) {
      settle(polled);
    }
    process.metrics().source(number, source.lag(), source.stopped().size());
    process.shares().set(number, source.assigned());
    if (!source.stopped().isEmpty()) {
      condition.is(StageHealth.STOPPED);
    } else if (isAlone && process.shares().isEmpty()) {
      condition.is(StageHealth.IDLE);
    } else if (source.reading()) {
      condition.is(StageHealth.RUNNING);
    }
  }

  private void awaitTurn() {
    try {
      process.queue().awaitRecords();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /// What was polled is settled before anything else is polled, however long that takes.
  private void settle(List<Polled> polled) {
    List<ConsumerRecord<byte[], byte[]>> records =
        polled.stream().flatMap(one -> one.records().stream()).toList();
    try (var _ = new BatchSpans(process.traces(), process.stage().name(), records)) {
      for (Polled one : polled) {
        offer(read(one), List.of());
      }
      while (!pending.isEmpty() && !thread.isStopping()) {
        awaitAny();
        for (Pending<I> done :
            pending.values().stream().filter(one -> one.done.isDone()).toList()) {
          pending.remove(done.offered.partition());
          settled(done);
        }
      }
    }
  }

  private Slice<I> read(Polled polled) {
    return retrying(() ->
        new Slice<>(
            polled.partition(),
            polled.from().topicId(),
            polled.from().next(),
            polled.next().next(),
            polled.next().epoch(),
            process.reader().read(polled.records(), polled.from().topicId())));
  }

  private void offer(Slice<I> slice, List<Slice<I>> then) {
    int size = slice.entries().size();
    int whole = keep(slice.entries());
    if (whole < size && whole == 0) {
      stop(slice.entries().getFirst());
    } else if (whole < size) {
      // what comes before it may still turn the tide
      var rest = new ArrayList<Slice<I>>();
      rest.add(slice.without(whole));
      rest.addAll(then);
      put(slice.first(whole), rest);
    } else {
      put(slice, then);
    }
  }

  private void put(Slice<I> slice, List<Slice<I>> then) {
    pending.put(slice.partition(), new Pending<>(slice, then, process.queue().offer(slice)));
  }

  /// Keeps records on the dead-letter topic, but for those that are there already.
  ///
  /// @return how many entries come before the first that may not be buried
  private int keep(List<Entry<I>> entries) {
    Set<UUID> ids = new HashSet<>();
    entries.forEach(entry -> {
      if (entry instanceof Dead<I> dead && !dead.kept()) {
        ids.add(dead.id());
      }
    });
    if (ids.isEmpty()) {
      return entries.size();
    }
    Set<UUID> known = new HashSet<>(retrying(() -> process.transaction().known(ids, false)));
    for (int at = 0; at < entries.size(); at++) {
      if (entries.get(at) instanceof Dead<I> dead && !dead.kept() && known.add(dead.id())) {
        if (!process.burials().mayBury()) {
          return at;
        }
        var _ =
            retrying(() -> {
              letters.keep(dead);
              return true;
            });
      }
    }
    return entries.size();
  }

  /// One more dead letter would be one too many: nothing is read until the process is restarted.
  private void stop(Entry<I> entry) {
    condition.is(StageHealth.BURYING);
    log.atError()
        .addKeyValue("stage", process.stage().name())
        .addKeyValue("topic", entry.record().topic())
        .addKeyValue("partition", entry.record().partition())
        .addKeyValue("offset", entry.record().offset())
        .log(
            "stage stopped: one record after the other became a dead letter; restart it when mended");
    while (!thread.isStopping()) {
      source.idle(POLL);
    }
  }

  private void awaitAny() {
    CompletableFuture<?>[] all =
        pending.values().stream().map(Pending::done).toArray(CompletableFuture[]::new);
    try {
      var _ = CompletableFuture.anyOf(all).get(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // stays a member of the group, and hears what is no longer ours
      source.idle(Duration.ZERO);
      pending.keySet().removeIf(partition -> !source.owns(partition));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a slice never fails as a whole", e);
    }
  }

  private void settled(Pending<I> done) {
    SliceResult result = done.done.join();
    Slice<I> slice = done.offered;
    if (result.isThrough(slice) && !done.then.isEmpty()) {
      offer(done.then.getFirst(), done.then.subList(1, done.then.size()));
    } else if (result.culprit() != null) {
      bury(done, result, result.culprit());
    } else {
      source.settled(slice.partition(), result.position());
    }
  }

  /// The culprit in a transaction of its own, then what comes after it.
  private void bury(Pending<I> done, SliceResult result, SliceResult.Culprit culprit) {
    Position position = result.position();
    if (position == null) {
      source.settled(done.offered.partition(), null);
      return;
    }
    Slice<I> rest = done.offered.from(position.next());
    log.atError()
        .addKeyValue("stage", process.stage().name())
        .addKeyValue("topic", rest.partition().topic())
        .addKeyValue("partition", rest.partition().partition())
        .addKeyValue("offset", culprit.offset())
        .setCause(culprit.failure())
        .log("record cannot be applied: dead letter");
    var then = new ArrayList<Slice<I>>();
    if (rest.entries().size() > 1) {
      then.add(rest.without(1));
    }
    then.addAll(done.then);
    offer(rest.firstAsDead(culprit.failure()), then);
  }

  private interface Work<T> {
    T run();
  }

  private <T> T retrying(Work<T> work) {
    while (true) {
      try {
        T result = work.run();
        backoff.reset();
        condition.goesOn();
        return result;
      } catch (RetryableException e) {
        if (thread.isStopping()) {
          throw e;
        }
        await(e);
      }
    }
  }

  private void verifyNowAndThen() {
    Instant now = process.clock().instant();
    if (lastVerified.plus(process.properties().verifyInterval()).isBefore(now)) {
      lastVerified = now;
      source.hint();
      source.verify();
      isAlone =
          process.shares().isEmpty() && source.members() <= process.properties().concurrency();
    }
  }

  private void await(RetryableException failure) {
    condition.waits(failure);
    source.idle(backoff.next(failure));
  }
}
