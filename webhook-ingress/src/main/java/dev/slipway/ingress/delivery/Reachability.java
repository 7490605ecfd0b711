package dev.slipway.ingress.delivery;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether it is worth trying to reach something: yes as long as it answered not too long ago.
final class Reachability {
  private final long toleranceNanos;
  private final LongSupplier nanoClock;

  private volatile boolean everAnswered;
  private volatile long lastAnswerNanos;

  Reachability(Duration tolerance, LongSupplier nanoClock) {
    this.toleranceNanos = tolerance.toNanos();
    this.nanoClock = nanoClock;
  }

  void answered() {
    lastAnswerNanos = nanoClock.getAsLong();
    everAnswered = true;
  }

  boolean reachable() {
    return everAnswered && nanoClock.getAsLong() - lastAnswerNanos <= toleranceNanos;
  }
}
