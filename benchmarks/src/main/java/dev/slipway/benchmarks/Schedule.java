package dev.slipway.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Arrivals at a constant rate, whatever becomes of them: who measures from the time at which an
/// operation was due, and not from when its turn came, leaves no wait out.
///
/// @param began [System#nanoTime] of the first
/// @param perSecond how many in a second
public record Schedule(long began, int perSecond) {
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  /// One that begins now.
  public static Schedule of(int perSecond) {
    return new Schedule(System.nanoTime(), perSecond);
  }

  /// How many are due within that time from its beginning.
  public int within(Duration duration) {
    return Math.toIntExact(duration.toMillis() * perSecond / 1_000);
  }

  /// When one is due.
  ///
  /// @param number from 0
  /// @return as of [System#nanoTime]
  public long due(int number) {
    return began + number * SECOND_NANOS / perSecond;
  }

  /// Waits until one is due; not at all when that is past.
  public void await(int number) throws InterruptedException {
    for (long left = left(number); left > 0; left = left(number)) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private long left(int number) {
    return due(number) - System.nanoTime();
  }
}
