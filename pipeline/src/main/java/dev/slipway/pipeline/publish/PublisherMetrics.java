package dev.slipway.pipeline.publish;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicLong;

/// What a publisher shows to Prometheus.
final class PublisherMetrics {
  private final MeterRegistry meters;
  private final Counter records;
  private final Counter unknown;
  private final Counter leftOut;
  private final Timer silence;
  private final AtomicLong leader;
  private final AtomicLong waiting;
  private final AtomicLong heldBack;
  private final AtomicLong owed;

  PublisherMetrics(MeterRegistry meters, String publisher) {
    this.meters = meters;
    this.records = meters.counter("slipway.publisher.records", "publisher", publisher);
    this.unknown =
        counter("slipway.publisher.unknown", "events that were passed as unknown", publisher);
    this.leftOut =
        counter(
            "slipway.publisher.unnotified",
            "events that were published without their notifications",
            publisher);
    this.silence =
        Timer.builder("slipway.publisher.silence")
            .description(
                "how long a transaction was open, which hides what follows from whoever reads"
                    + " committed records: 4 seconds at the worst")
            .tag("publisher", publisher)
            .register(meters);
    this.leader = gauge("slipway.publisher.leader", "1 where it leads", publisher);
    this.waiting = gauge("slipway.publisher.waiting", "records to be published", publisher);
    this.heldBack =
        gauge(
            "slipway.publisher.held.back",
            "keys or records that Kafka refused: somebody must look",
            publisher);
    this.owed =
        gauge(
            "slipway.publisher.gaps.owed",
            "partitions of notifications that lack some, which is not told there yet",
            publisher);
  }

  private Counter counter(String name, String description, String publisher) {
    return Counter.builder(name)
        .description(description)
        .tag("publisher", publisher)
        .register(meters);
  }

  private AtomicLong gauge(String name, String description, String publisher) {
    var value = new AtomicLong();
    Gauge.builder(name, value, AtomicLong::doubleValue)
        .description(description)
        .tag("publisher", publisher)
        .register(meters);
    return value;
  }

  Timer.Sample begin() {
    return Timer.start(meters);
  }

  void ended(Timer.Sample sample) {
    var _ = sample.stop(silence);
  }

  void published(int count) {
    records.increment(count);
  }

  void unknown() {
    unknown.increment();
  }

  void leftOut(int count) {
    leftOut.increment(count);
  }

  void owed(int partitions) {
    owed.set(partitions);
  }

  void leads(boolean isLeader) {
    leader.set(isLeader ? 1 : 0);
  }

  void source(long recordsWaiting, long recordsHeldBack) {
    waiting.set(recordsWaiting);
    heldBack.set(recordsHeldBack);
  }
}
