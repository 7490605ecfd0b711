package dev.slipway.locale2b.control;

import dev.slipway.localserver.RefusedException;
import java.util.concurrent.Semaphore;

/// How many sandboxes may run at the same time.
final class Slots {
  private final int most;
  private final Semaphore free;

  Slots(int most) {
    this.most = most;
    free = new Semaphore(most);
  }

  /// Takes one.
  ///
  /// @throws RefusedException 429 without `Retry-After`: waiting does not help by itself
  void take() {
    if (!free.tryAcquire()) {
      throw new RefusedException(
          429, "you have reached the maximum number of concurrent E2B sandboxes (" + most + ")");
    }
  }

  void giveBack() {
    free.release();
  }
}
