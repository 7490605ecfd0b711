package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.stage.Deadlines.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;

/// Puts deadlines into the queue when they are due, by the database's clock. Those of other
/// processes are looked for now and then; who comes second finds them gone.
final class DeadlineDoor<S, I, E> {
  private static final int MOST = 100;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final StageQueue<S, I, E> queue;
  private final Database database;
  private final short stageId;
  private final StoppableThread thread;
  private final Semaphore wakeup = new Semaphore(0);

  // CONFINED: to the door's thread
  private final Backoff backoff;

  DeadlineDoor(
      String stage,
      short stageId,
      StageQueue<S, I, E> queue,
      Database database,
      StageProperties properties) {
    this.queue = queue;
    this.database = database;
    this.stageId = stageId;
    this.backoff = new Backoff(properties.minBackoff(), properties.maxBackoff());
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(stage + "-deadlines"),
            this::turn,
            properties.maxBackoff(),
            this::wake);
  }

  StoppableThread thread() {
    return thread;
  }

  /// A deadline was set: it may be the next.
  void set(Instant at) {
    wake();
  }

  private void wake() {
    if (wakeup.availablePermits() == 0) {
      wakeup.release();
    }
  }

  private void turn() {
    try {
      if (!queue.awaitDeadlines(LOOK_EVERY)) {
        return;
      }
      var deadlines = new Deadlines(stageId);
      Found found = database.inStage(transaction -> find(deadlines, transaction));
      if (found.due.isEmpty()) {
        await(found.next);
      } else {
        queue.due(
            found.due.stream()
                .map(one -> new Ask.Due<S, I, E>(one.id(), one.name(), one.at()))
                .toList());
      }
      backoff.reset();
    } catch (RetryableException e) {
      thread.rest(backoff.next(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /// @param next how long until something may be due
  private record Found(List<Deadline> due, Duration next) {}

  private static Found find(Deadlines deadlines, Transaction transaction) {
    List<Deadline> due = deadlines.due(transaction, MOST);
    return new Found(
        due,
        due.isEmpty()
            ? deadlines
                .next(transaction)
                .filter(next -> next.compareTo(LOOK_EVERY) < 0)
                .orElse(LOOK_EVERY)
            : Duration.ZERO);
  }

  private void await(Duration patience) throws InterruptedException {
    if (wakeup.tryAcquire(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)) {
      wakeup.drainPermits();
    }
  }
}
