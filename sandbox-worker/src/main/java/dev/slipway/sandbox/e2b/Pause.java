package dev.slipway.sandbox.e2b;

import java.time.Duration;

/// Waiting between two attempts.
interface Pause {
  /// Waits so long.
  ///
  /// @return false when it is not worth going on: everything ends
  boolean pass(Duration duration) throws InterruptedException;
}
