package dev.slipway.pipeline.operation;

import java.time.Duration;

/// What an act must know of the lease that it is made under.
public interface Hold {
  /// Whether the operation is no longer wanted.
  boolean isCancelled();

  /// Whether the operation is ours still, as far as can be told without asking.
  boolean isHeld();

  /// Makes it ours for so long from now on, whatever becomes of this process meanwhile: what takes
  /// no longer than that is over before another begins. Whoever takes the operation over from a
  /// process that was killed waits as long.
  ///
  /// @throws InterruptedException also when the lease is another's by now
  void holdFor(Duration time) throws InterruptedException;

  /// Leaves a word for whoever takes the operation over, and waits until it is kept.
  ///
  /// @param json an object
  /// @throws InterruptedException also when the lease is another's by now
  void noteNow(String json) throws InterruptedException;
}
