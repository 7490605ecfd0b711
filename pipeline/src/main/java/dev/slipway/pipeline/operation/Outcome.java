package dev.slipway.pipeline.operation;

import dev.slipway.pipeline.stage.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What came of an operation.
///
/// @param <I> what aggregates are told
public sealed interface Outcome<I> {
  /// It is done.
  ///
  /// @param result a JSON object to be shown; null for none
  record Succeeded<I>(I input, @Nullable String result) implements Outcome<I> {}

  /// It cannot be done.
  ///
  /// @param input null for what the stage says of failures
  record Failed<I>(Failure failure, @Nullable I input, @Nullable String result)
      implements Outcome<I> {}

  /// It was no longer wanted, and has come to nothing more.
  record Cancelled<I>(I input, @Nullable String result) implements Outcome<I> {}

  /// It cannot be done now, and is tried again until it is overdue: then it has failed.
  ///
  /// @param failure why
  /// @param after the least pause before the next try
  record Later<I>(Failure failure, Duration after) implements Outcome<I> {}
}
