package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.stage.StageQueue.Taken;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what waits in a stage's queue and settles it, a turn after the other, on a thread of its
/// own. Those of one process differ as little as those of two: Postgres's locks keep them apart.
final class Committer<S, I, E> implements Settler.Sink<S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);
  private static final Duration LONGEST_PAUSE_ALONE = Duration.ofSeconds(30);

  private final StageProcess<S, I, E> process;
  private final Settler<S, I, E> settler;
  private final Wakes wakes;
  private final Condition condition;
  private final StoppableThread thread;

  // CONFINED: to the committer's thread, as all that follow
  private final Backoff backoff;
  private final List<Runnable> results = new ArrayList<>(); // told when the turn is over
  private int alone;
  private Timer.@Nullable Sample sample;

  /// @param number of the committer, from 0
  Committer(StageProcess<S, I, E> process, Wakes wakes, int number) {
    String stage = process.stage().name();
    StageProperties properties = process.properties();
    this.process = process;
    this.settler = new Settler<>(process.transaction(), this);
    this.wakes = wakes;
    this.condition = new Condition(stage, process.clock());
    this.backoff = new Backoff(properties.minBackoff(), properties.maxBackoff());
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(stage + "-committer-" + number),
            this::live,
            properties.maxBackoff());
  }

  /// Who is told of what was committed.
  interface Wakes {
    /// There is something to publish.
    void outputs();

    /// There is something for workers.
    ///
    /// @param cancelled operations that are no longer wanted
    void operations(List<UUID> cancelled);

    /// A deadline was set.
    void deadline(Instant at);
  }

  Condition condition() {
    return condition;
  }

  StoppableThread thread() {
    return thread;
  }

  private void live() {
    condition.is(StageHealth.RUNNING);
    try {
      turns();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      condition.is(StageHealth.FAILING);
      throw e;
    }
  }

  private void turns() throws InterruptedException {
    while (!thread.isStopping()) {
      Optional<Taken<S, I, E>> taken = process.queue().take();
      if (taken.isEmpty()) {
        return;
      }
      try {
        alone = taken.get().alone();
        sample = process.metrics().begin();
        settler.settle(taken.get().turn(), alone > 0);
      } finally {
        process.queue().ended(taken.get(), results);
        results.clear();
      }
      condition.is(StageHealth.RUNNING); // who has nothing at hand waits for nothing
    }
  }

  @Override
  public void committed(Settled settled) {
    backoff.reset();
    condition.goesOn();
    if (sample != null) {
      process.metrics().committed(sample);
      sample = process.metrics().begin();
    }
    if (settled.hasOutputs()) {
      wakes.outputs();
    }
    if (settled.hasOperations() || !settled.cancelled().isEmpty()) {
      wakes.operations(settled.cancelled());
    }
    if (settled.nextDeadline() != null) {
      wakes.deadline(settled.nextDeadline());
    }
  }

  @Override
  public void settled(Slice<I> slice, SliceResult result) {
    process.burials().settled(result.counts());
    process.metrics().settled(result);
    results.add(() -> process.queue().settled(slice, result));
  }

  @Override
  public void later(Turn<S, I, E> turn) {
    int attempts = alone + 1;
    Duration pause = Duration.ofSeconds(1L << Math.min(attempts, 5));
    log.atWarn()
        .addKeyValue("stage", process.stage().name())
        .addKeyValue("attempt", attempts)
        .log("an input takes too long by itself: it waits, others go on");
    Duration bounded = pause.compareTo(LONGEST_PAUSE_ALONE) > 0 ? LONGEST_PAUSE_ALONE : pause;
    results.add(() -> process.queue().later(turn, bounded, attempts));
  }

  @Override
  public boolean await(RetryableException failure) {
    condition.waits(failure);
    thread.rest(backoff.next(failure));
    return !thread.isStopping();
  }

  @Override
  public void failed(Ask<S, I, E> ask, RuntimeException failure) {
    FoldFailures.log(process.stage().name(), "an input cannot be settled", ask.toString(), failure);
  }
}
