package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.stage.Request.Answer;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What comes in by another door than that of records.
sealed interface Ask<S, I, E> {
  /// A request waits for an answer.
  ///
  /// @param id of the request, drawn when it came in
  record Requested<S, I, E>(
      UUID id, Request<S, I, E> request, CompletableFuture<Answer> answer, long deadlineNanos)
      implements Ask<S, I, E> {
    boolean isGivenUp() {
      return answer.isDone() || System.nanoTime() - deadlineNanos > 0;
    }
  }

  /// A deadline is due.
  record Due<S, I, E>(AggregateId aggregate, String name, Instant at) implements Ask<S, I, E> {}

  /// An operation has come so far, or has ended.
  ///
  /// @param ending null when it goes on
  /// @param input what its aggregate is told; null when that is what the stage says of failures
  /// @param accepted whether it counted
  record Ended<S, I, E>(
      UUID operationId,
      int epoch,
      AggregateId aggregate,
      @Nullable Ending ending,
      @Nullable I input,
      CompletableFuture<Boolean> accepted)
      implements Ask<S, I, E> {}

  /// How an operation ends.
  ///
  /// @param failure null when it did not fail
  /// @param result a JSON object; null when there is none
  /// @param note the worker's last; null leaves the one before
  record Ending(
      State state, @Nullable Failure failure, @Nullable String result, @Nullable String note) {
    /// A bug of ours.
    static final Ending INTERNAL =
        new Ending(
            State.FAILED,
            new Failure("internal", "It failed by a fault of ours: the log says more.", false),
            null,
            null);

    /// How it can end.
    enum State {
      SUCCEEDED,
      FAILED,
      CANCELLED
    }
  }
}
