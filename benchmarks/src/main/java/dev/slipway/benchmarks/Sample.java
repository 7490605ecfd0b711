package dev.slipway.benchmarks;

import java.time.Duration;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/// One contestant's result in one round.
///
/// @param perSecond what it got done, in the contest's unit; of a row that counts nothing a second,
///   the figure that its unit names
/// @param operations how many it finished, failed ones included
/// @param p50 median time of one operation; null when the tool does not tell
/// @param p99 time that one operation in a hundred exceeds; null when the tool does not tell
/// @param average of all operations; null when the tool does not tell
/// @param max the longest operation; null when the tool does not tell
/// @param failed operations that did not end as they must
public record Sample(
    double perSecond,
    long operations,
    @Nullable Duration p50,
    @Nullable Duration p99,
    @Nullable Duration average,
    @Nullable Duration max,
    long failed) {
  /// Of a tool that tells no more.
  public Sample(
      double perSecond,
      long operations,
      @Nullable Duration p50,
      @Nullable Duration p99,
      long failed) {
    this(perSecond, operations, p50, p99, null, null, failed);
  }

  /// A figure that is all there is.
  public static Sample figure(double figure) {
    return new Sample(figure, 1, null, null, 0);
  }

  /// Of operations whose times are known one by one.
  ///
  /// @param micros one time each, in microseconds
  public static Sample of(double perSecond, AbstractHistogram micros, long failed) {
    return new Sample(
        perSecond,
        micros.getTotalCount(),
        micros((double) micros.getValueAtPercentile(50)),
        micros((double) micros.getValueAtPercentile(99)),
        micros(micros.getMean()),
        micros((double) micros.getMaxValue()),
        failed);
  }

  private static Duration micros(double micros) {
    return Duration.ofNanos(Math.round(micros * 1_000));
  }

  /// NaN when the tool does not tell.
  public double p50Millis() {
    return millis(p50);
  }

  /// NaN when the tool does not tell.
  public double p99Millis() {
    return millis(p99);
  }

  /// NaN when the tool does not tell.
  public double averageMillis() {
    return millis(average);
  }

  /// NaN when the tool does not tell.
  public double maxMillis() {
    return millis(max);
  }

  private static double millis(@Nullable Duration duration) {
    return duration == null ? Double.NaN : duration.toNanos() / 1e6;
  }
}
