package dev.slipway.pipeline.publish;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes who works in the background as soon as there is something to do. One that was given while
/// nobody waited is kept, so that none is missed; several are one.
public final class Wakeup {
  private final Semaphore given = new Semaphore(0);

  /// There is something, once whoever calls this has committed it.
  public void give() {
    if (given.availablePermits() == 0) {
      given.release();
    }
  }

  /// Waits for it.
  ///
  /// @param patience how long at most
  /// @throws InterruptedException when it is being stopped
  public void await(Duration patience) throws InterruptedException {
    if (given.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      given.drainPermits();
    }
  }
}
