package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.observability.LogPace;
import dev.slipway.pipeline.stage.SliceResult.DifferingCopy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a stage shows to Prometheus.
final class StageMetrics {
  private static final Logger log = LoggerFactory.getLogger(StageMetrics.class);

  private final MeterRegistry meters;
  private final String stage;
  private final Timer transaction;
  private final Counter rewound;
  private final AtomicLongArray lag;
  private final AtomicLongArray stopped;
  private final Counter differing;
  private final LogPace lines = new LogPace();

  /// @param workers threads that read
  StageMetrics(MeterRegistry meters, String stage, int workers) {
    this.meters = meters;
    this.stage = stage;
    this.lag = new AtomicLongArray(workers);
    this.stopped = new AtomicLongArray(workers);
    this.transaction =
        Timer.builder("slipway.stage.transaction").tag("stage", stage).register(meters);
    this.rewound =
        Counter.builder("slipway.stage.rewound")
            .description("partitions that are read from their start because records were lost")
            .tag("stage", stage)
            .register(meters);
    Gauge.builder("slipway.stage.lag", lag, StageMetrics::sum)
        .description("records that are there and not yet read")
        .tag("stage", stage)
        .register(meters);
    Gauge.builder("slipway.stage.stopped", stopped, StageMetrics::sum)
        .description("partitions that wait for an operator")
        .tag("stage", stage)
        .register(meters);
    this.differing =
        Counter.builder("slipway.stage.copies.differing")
            .description("records that differ from the one of the same identity, which counts")
            .tag("stage", stage)
            .register(meters);
  }

  /// A partition is read from its start because its log lost records.
  void rewound() {
    rewound.increment();
  }

  /// A transaction begins.
  Timer.Sample begin() {
    return Timer.start(meters);
  }

  /// A transaction has committed.
  void committed(Timer.Sample sample) {
    sample.stop(transaction);
  }

  /// A slice is settled.
  void settled(SliceResult result) {
    Counts counts = result.counts();
    count("applied", counts.applied());
    count("known", counts.known());
    count("foreign", counts.foreign());
    count("unrouted", counts.unrouted());
    count("rejected", counts.rejected());
    count("dead", counts.dead());
    count("parked", counts.parked());
    tell(result.differing());
  }

  /// How one thread that reads is doing.
  ///
  /// @param number from 0
  void source(int number, long recordsBehind, int partitionsStopped) {
    lag.set(number, recordsBehind);
    stopped.set(number, partitionsStopped);
  }

  private void tell(List<DifferingCopy> found) {
    if (found.isEmpty()) {
      return;
    }
    differing.increment(found.size());
    if (lines.mayLog()) {
      DifferingCopy last = found.getLast();
      log.atWarn()
          .addKeyValue("stage", stage)
          .addKeyValue("ce_id", last.id())
          .addKeyValue("topic", last.position().topic())
          .addKeyValue("partition", last.position().partition())
          .addKeyValue("offset", last.position().offset())
          .addKeyValue("count", found.size())
          .log("a copy differs from the record that counts");
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
