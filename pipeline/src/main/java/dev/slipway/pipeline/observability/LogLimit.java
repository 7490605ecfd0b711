package dev.slipway.pipeline.observability;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Keeps what others can cause as often as they like to one line of the log in a second. Used by
/// any number of threads.
public final class LogLimit {
  private static final long NANOS_BETWEEN = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanoClock;
  private final AtomicLong next;
  private final AtomicLong untold = new AtomicLong();

  public LogLimit() {
    this(System::nanoTime);
  }

  LogLimit(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.next = new AtomicLong(nanoClock.getAsLong());
  }

  /// Counts what happened.
  ///
  /// @return of how many a line is due now, all since the last line included; 0 when none is
  public long due(long happened) {
    untold.addAndGet(happened);
    long now = nanoClock.getAsLong();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + NANOS_BETWEEN) ? untold.getAndSet(0) : 0;
  }
}
