package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.stage.StageTransaction.Settled;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/// What a stage shows to Prometheus.
final class StageMetrics {
  private final MeterRegistry meters;
  private final String stage;
  private final Timer transaction;
  private final AtomicLongArray lag;
  private final AtomicLongArray stopped;

  /// @param workers threads that the stage has
  StageMetrics(MeterRegistry meters, String stage, int workers) {
    this.meters = meters;
    this.stage = stage;
    this.lag = new AtomicLongArray(workers);
    this.stopped = new AtomicLongArray(workers);
    this.transaction =
        Timer.builder("slipway.stage.transaction").tag("stage", stage).register(meters);
    Gauge.builder("slipway.stage.lag", lag, StageMetrics::sum)
        .description("records that are there and not yet read")
        .tag("stage", stage)
        .register(meters);
    Gauge.builder("slipway.stage.stopped", stopped, StageMetrics::sum)
        .description("partitions that wait for an operator")
        .tag("stage", stage)
        .register(meters);
  }

  /// What one thread of the stage tells.
  ///
  /// @param number from 0
  Worker worker(int number) {
    return new Worker(number);
  }

  /// One thread of the stage.
  final class Worker {
    private final int number;

    private Worker(int number) {
      this.number = number;
    }

    Timer.Sample begin() {
      return Timer.start(meters);
    }

    void settled(Timer.Sample sample, Settled settled) {
      sample.stop(transaction);
      Counts counts = settled.counts();
      count("applied", counts.applied());
      count("known", counts.known());
      count("foreign", counts.foreign());
      count("rejected", counts.rejected());
      count("dead", counts.dead());
      count("parked", counts.parked());
    }

    void source(long recordsBehind, int partitionsStopped) {
      lag.set(number, recordsBehind);
      stopped.set(number, partitionsStopped);
    }
  }

  private static double sum(AtomicLongArray values) {
    return IntStream.range(0, values.length()).mapToLong(values::get).sum();
  }

  private void count(String result, long records) {
    if (records > 0) {
      meters
          .counter("slipway.stage.records", "stage", stage, "result", result)
          .increment((double) records);
    }
  }
}
