package dev.slipway.notifier.router;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What the router shows to Prometheus besides what every publisher shows.
final class RouterMetrics {
  private final Counter unknown;
  private final Counter lost;

  RouterMetrics(MeterRegistry meters) {
    this.unknown =
        Counter.builder("slipway.router.unknown")
            .description("events that were passed as unknown")
            .register(meters);
    this.lost =
        Counter.builder("slipway.router.lost")
            .description("events that were gone before they were read")
            .register(meters);
  }

  void unknown() {
    unknown.increment();
  }

  void lost(long events) {
    lost.increment((double) events);
  }
}
