package dev.slipway.benchmarks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One contestant's result in one round.
///
/// @param perSecond what it got done, in the contest's unit
/// @param operations how many it finished, failed ones included
/// @param p50 median time of one operation; null when the tool does not tell
/// @param p99 time that one operation in a hundred exceeds; null when the tool does not tell
/// @param failed operations that did not end as they must
public record Sample(
    double perSecond,
    long operations,
    @Nullable Duration p50,
    @Nullable Duration p99,
    long failed) {
  /// NaN when the tool does not tell.
  public double p50Millis() {
    return millis(p50);
  }

  /// NaN when the tool does not tell.
  public double p99Millis() {
    return millis(p99);
  }

  private static double millis(@Nullable Duration duration) {
    return duration == null ? Double.NaN : duration.toNanos() / 1e6;
  }
}
