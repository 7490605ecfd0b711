package dev.slipway.pipeline.operation;

import dev.slipway.pipeline.stage.LeasedOperation;

/// Makes the calls of operations. What an earlier worker has done, he may not have been able to
/// tell: so each looks for an earlier result in the outside world first, and acts only when there
/// is none.
///
/// @param <I> what aggregates are told
@FunctionalInterface
public interface Act<I> {
  /// Makes the call of one operation, on a virtual thread of its own.
  ///
  /// @param lease what the operation is held by: before anything is written, it is asked whether it
  ///   still is
  /// @return what came of it
  /// @throws dev.slipway.pipeline.error.RetryableException nothing can be told now: tried again,
  ///   backing off, until the operation is overdue
  /// @throws InterruptedException the process is being stopped, or the lease is lost: whoever has
  ///   it next goes on
  Outcome<I> act(LeasedOperation operation, Lease<I> lease) throws InterruptedException;
}
