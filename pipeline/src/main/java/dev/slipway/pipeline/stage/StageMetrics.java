package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.stage.StageTransaction.Settled;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicLong;

/// What a stage shows to Prometheus.
final class StageMetrics {
  private final MeterRegistry meters;
  private final String stage;
  private final Timer transaction;
  private final AtomicLong lag = new AtomicLong();
  private final AtomicLong stopped = new AtomicLong();

  StageMetrics(MeterRegistry meters, String stage) {
    this.meters = meters;
    this.stage = stage;
    this.transaction =
        Timer.builder("slipway.stage.transaction").tag("stage", stage).register(meters);
    Gauge.builder("slipway.stage.lag", lag, AtomicLong::doubleValue)
        .description("records that are there and not yet read")
        .tag("stage", stage)
        .register(meters);
    Gauge.builder("slipway.stage.stopped", stopped, AtomicLong::doubleValue)
        .description("partitions that wait for an operator")
        .tag("stage", stage)
        .register(meters);
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
    lag.set(recordsBehind);
    stopped.set(partitionsStopped);
  }

  private void count(String result, long records) {
    if (records > 0) {
      meters
          .counter("slipway.stage.records", "stage", stage, "result", result)
          .increment((double) records);
    }
  }
}
