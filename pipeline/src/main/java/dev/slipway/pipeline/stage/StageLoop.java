package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One life of a stage's consumer: read, settle, read on. Replays get a turn when nothing came in,
/// and every tenth turn else, so that they neither delay live records nor starve.
final class StageLoop<K extends Comparable<K>, S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(StageLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int TURNS_BETWEEN_REPLAYS = 10;

  private final String stage;
  private final StageSource source;
  private final RecordReader<K, S, I, E> reader;
  private final Settler<K, S, I, E> settler;
  private final @Nullable ReplayRunner<K, S, I, E> replays;
  private final StageMetrics.Worker metrics;
  private final Traces traces;
  private final StageProperties properties;
  private final InstantSource clock;
  private final BooleanSupplier stopping;
  private final Consumer<StageHealth> health;

  // CONFINED: to the stage's thread
  private final Backoff backoff;
  private Instant lastVerified;
  private int turns;
  private boolean waiting;

  StageLoop(Parts<K, S, I, E> parts, BooleanSupplier stopping, Consumer<StageHealth> health) {
    this.stage = parts.stage();
    this.source = parts.source();
    this.reader = parts.reader();
    this.settler = parts.settler();
    this.replays = parts.replays();
    this.metrics = parts.metrics();
    this.traces = parts.traces();
    this.properties = parts.properties();
    this.clock = parts.clock();
    this.stopping = stopping;
    this.health = health;
    this.backoff = new Backoff(properties.minBackoff(), properties.maxBackoff());
    this.lastVerified = clock.instant();
  }

  /// What a loop works with.
  ///
  /// @param replays null for a loop that does none
  record Parts<K extends Comparable<K>, S, I, E>(
      String stage,
      StageSource source,
      RecordReader<K, S, I, E> reader,
      Settler<K, S, I, E> settler,
      @Nullable ReplayRunner<K, S, I, E> replays,
      StageMetrics.Worker metrics,
      Traces traces,
      StageProperties properties,
      InstantSource clock) {}

  /// Runs until the stage is told to stop.
  void run() {
    while (!stopping.getAsBoolean()) {
      try {
        turn();
        recovered();
      } catch (RetryableException e) {
        await(e);
      }
    }
  }

  private void turn() {
    source.place();
    verifyNowAndThen();
    Polled polled = source.poll(replays != null && replays.active() ? Duration.ZERO : POLL);
    if (!polled.spans().isEmpty()) {
      settle(polled);
    }
    turns++;
    if (replays != null && (polled.records().isEmpty() || turns % TURNS_BETWEEN_REPLAYS == 0)) {
      replays.step();
    }
    metrics.source(source.lag(), source.stopped().size());
    if (!source.stopped().isEmpty()) {
      health.accept(StageHealth.STOPPED);
    } else if (source.reading()) {
      health.accept(StageHealth.RUNNING);
    }
  }

  /// What was polled is settled before anything else is polled, however long that takes.
  private void settle(Polled polled) {
    while (!stopping.getAsBoolean()) {
      try (var _ = new BatchSpans(traces, stage, polled.records())) {
        Timer.Sample sample = metrics.begin();
        Settled settled = settler.settle(polled.read(reader));
        source.settled(polled.spans().keySet(), settled.positions());
        metrics.settled(sample, settled);
        return;
      } catch (RetryableException e) {
        await(e);
      }
    }
  }

  private void verifyNowAndThen() {
    Instant now = clock.instant();
    if (lastVerified.plus(properties.verifyInterval()).isBefore(now)) {
      lastVerified = now;
      source.hint();
      source.verify();
    }
  }

  private void await(RetryableException failure) {
    if (!waiting) {
      waiting = true;
      health.accept(StageHealth.WAITING);
      log.atWarn().addKeyValue("stage", stage).setCause(failure).log("stage waits");
    }
    source.idle(backoff.next(failure));
  }

  private void recovered() {
    backoff.reset();
    if (waiting) {
      waiting = false;
      log.atInfo().addKeyValue("stage", stage).log("stage goes on");
    }
  }
}
