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
  private final Timer turn;
  private final AtomicLong leader;
  private final AtomicLong waiting;
  private final AtomicLong heldBack;

  PublisherMetrics(MeterRegistry meters, String publisher) {
    this.meters = meters;
    this.records = meters.counter("slipway.publisher.records", "publisher", publisher);
    this.turn =
        Timer.builder("slipway.publisher.turn")
            .description("from having records to having them committed")
            .tag("publisher", publisher)
            .register(meters);
    this.leader = gauge("slipway.publisher.leader", "1 where it leads", publisher);
    this.waiting = gauge("slipway.publisher.waiting", "records to be published", publisher);
    this.heldBack =
        gauge(
            "slipway.publisher.held.back",
            "keys or records that Kafka refused: somebody must look",
            publisher);
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

  void published(Timer.Sample sample, int count) {
    sample.stop(turn);
    records.increment(count);
  }

  void leads(boolean isLeader) {
    leader.set(isLeader ? 1 : 0);
  }

  void source(long recordsWaiting, long recordsHeldBack) {
    waiting.set(recordsWaiting);
    heldBack.set(recordsHeldBack);
  }
}
