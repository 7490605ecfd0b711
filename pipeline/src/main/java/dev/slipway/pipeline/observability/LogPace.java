package dev.slipway.pipeline.observability;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Lets one line a second through, so that whoever can cause a line cannot fill a disk with it.
public final class LogPace {
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanoClock;
  private final AtomicLong next;

  public LogPace() {
    this(System::nanoTime);
  }

  LogPace(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.next = new AtomicLong(nanoClock.getAsLong());
  }

  /// Whether the line may be written; if so, the next one may in a second.
  public boolean mayLog() {
    long now = nanoClock.getAsLong();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS);
  }
}
