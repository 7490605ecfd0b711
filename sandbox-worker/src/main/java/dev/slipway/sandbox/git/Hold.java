package dev.slipway.sandbox.git;

import dev.slipway.pipeline.operation.Lease;
import java.time.Duration;

/// What an operation is held by while it is made.
interface Hold {
  /// Whether nobody wants it any more.
  boolean isCancelled();

  /// Whether it is ours still.
  boolean isHeld();

  /// Makes it ours for so long from now on, whatever becomes of us meanwhile.
  ///
  /// @throws InterruptedException it is another's
  void holdFor(Duration time) throws InterruptedException;

  /// Leaves a word for whoever takes it over, and waits until it is kept.
  void note(String json) throws InterruptedException;

  static Hold of(Lease<?> lease) {
    return new Hold() {
      @Override
      public boolean isCancelled() {
        return lease.isCancelled();
      }

      @Override
      public boolean isHeld() {
        return lease.isHeld();
      }

      @Override
      public void holdFor(Duration time) throws InterruptedException {
        lease.holdFor(time);
      }

      @Override
      public void note(String json) throws InterruptedException {
        lease.noteNow(json);
      }
    };
  }
}
