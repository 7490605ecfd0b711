package dev.slipway.ingress.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What an operator sees of the ingress.
///
/// | meter | meaning |
/// |---|---|
/// | `slipway.webhook.deliveries{outcome}` | deliveries by their answer: `accepted`, the error's code, or `disconnected` |
/// | `slipway.webhook.held.bytes` | room taken by bodies, each counted twice |
/// | `slipway.webhook.producers.replaced` | producers that failed for good |
/// | `slipway.webhook.ack` | from sending a record to its acknowledgement |
final class DeliveryMetrics {
  private final MeterRegistry registry;
  private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
  private final Timer ack;

  DeliveryMetrics(MeterRegistry registry, ByteBudget budget, DeliveryLog log) {
    this.registry = registry;
    this.ack = Timer.builder("slipway.webhook.ack").publishPercentileHistogram().register(registry);
    FunctionCounter.builder("slipway.webhook.producers.replaced", log, DeliveryLog::replaced)
        .register(registry);
    Gauge.builder("slipway.webhook.held.bytes", budget, ByteBudget::used).register(registry);
  }

  void accepted(Duration ackTime) {
    ack.record(ackTime);
    count("accepted");
  }

  /// @param code of the error answer, or `disconnected`
  void refused(String code) {
    count(code);
  }

  private void count(String outcome) {
    outcomes
        .computeIfAbsent(
            outcome,
            name ->
                Counter.builder("slipway.webhook.deliveries")
                    .tag("outcome", name)
                    .register(registry))
        .increment();
  }
}
