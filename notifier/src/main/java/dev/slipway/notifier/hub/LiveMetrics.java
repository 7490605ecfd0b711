package dev.slipway.notifier.hub;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What an operator sees of live streams.
///
/// | meter | meaning |
/// |---|---|
/// | `slipway.live.connections` | streams that are open |
/// | `slipway.live.listening` | of these, streams that have come to the present |
/// | `slipway.live.events` | events read from the end of the log |
/// | `slipway.live.unreadable` | records that are no notification |
/// | `slipway.live.sent.frames`, `…bytes` | events and signs of life given to clients, and the events' bytes |
/// | `slipway.live.ended{reason}` | streams that ended |
/// | `slipway.live.resets{reason}` | clients that were told that they may have missed events |
/// | `slipway.live.refused{reason}` | streams that did not begin |
/// | `slipway.live.scans`, `slipway.live.scanned.records` | steps of reading the past for clients, and what they read |
/// | `slipway.live.epochs` | times that Kafka was asked how far the epoch of an earlier leader reaches, for clients that had seen it |
/// | `slipway.live.scans.waiting` | streams that wait for such a step |
/// | `slipway.live.lag` | records that are there and not yet read |
/// | `slipway.live.ring.bytes` | recent events in memory |
final class LiveMetrics {
  private final MeterRegistry registry;
  private final Counter events;
  private final Counter unreadable;
  private final Counter frames;
  private final Counter bytes;
  private final Counter scans;
  private final Counter scanned;
  private final Counter epochs;
  private final Map<EndReason, Counter> ended = new EnumMap<>(EndReason.class);
  private final Map<ResetReason, Counter> resets = new EnumMap<>(ResetReason.class);

  LiveMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.events = registry.counter("slipway.live.events");
    this.unreadable = registry.counter("slipway.live.unreadable");
    this.frames = registry.counter("slipway.live.sent.frames");
    this.bytes = registry.counter("slipway.live.sent.bytes");
    this.scans = registry.counter("slipway.live.scans");
    this.scanned = registry.counter("slipway.live.scanned.records");
    this.epochs = registry.counter("slipway.live.epochs");
    for (EndReason reason : EndReason.values()) {
      ended.put(reason, registry.counter("slipway.live.ended", "reason", reason.value()));
    }
    for (ResetReason reason : ResetReason.values()) {
      resets.put(reason, registry.counter("slipway.live.resets", "reason", reason.value()));
    }
  }

  <T> void gauge(String name, T subject, ToDoubleFunction<T> value) {
    Gauge.builder(name, subject, value).register(registry);
  }

  void read(int count) {
    events.increment(count);
  }

  void unreadable() {
    unreadable.increment();
  }

  void sent(List<Signal> batch) {
    long sum = 0;
    for (Signal signal : batch) {
      if (signal instanceof LiveEvent event) {
        sum += event.frame().length;
      }
    }
    frames.increment(batch.size());
    bytes.increment((double) sum);
  }

  void ended(EndReason reason) {
    count(ended.get(reason));
  }

  void reset(ResetReason reason) {
    count(resets.get(reason));
  }

  /// @param reason few different ones
  void refused(String reason) {
    registry.counter("slipway.live.refused", "reason", reason).increment();
  }

  void scanned(int records) {
    scans.increment();
    scanned.increment(records);
  }

  void epochAsked() {
    epochs.increment();
  }

  private static void count(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }
}
