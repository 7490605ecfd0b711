package dev.slipway.pipeline.error;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Pauses that double up to a ceiling, each shortened by up to half at random, so that many who
/// failed together do not come back together.
public final class Backoff {
  private final Duration min;
  private final Duration max;

  // CONFINED: to the thread that waits
  private Duration current;

  public Backoff(Duration min, Duration max) {
    this.min = min;
    this.max = max;
    this.current = min;
  }

  /// The next pause: at least what the other side asked for.
  public Duration next(RetryableException failure) {
    long millis = current.toMillis();
    current = current.multipliedBy(2).compareTo(max) > 0 ? max : current.multipliedBy(2);
    long jittered = millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    return Duration.ofMillis(Math.max(jittered, failure.retryAfter().toMillis()));
  }

  /// Things went well again.
  public void reset() {
    current = min;
  }
}
