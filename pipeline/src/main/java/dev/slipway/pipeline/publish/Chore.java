package dev.slipway.pipeline.publish;

import java.time.Duration;

/// Something that is done now and then, between turns. Used by one thread.
final class Chore {
  private final Duration interval;

  // CONFINED: to the thread that does it
  private long due = System.nanoTime();

  Chore(Duration interval) {
    this.interval = interval;
  }

  /// Whether it is time; if so, the next time is an interval from now.
  boolean isDue() {
    if (System.nanoTime() - due < 0) {
      return false;
    }
    due = System.nanoTime() + interval.toNanos();
    return true;
  }

  /// There was more to do than one time takes.
  void again() {
    due = System.nanoTime();
  }
}
