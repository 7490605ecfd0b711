package dev.slipway.pr.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Tasks that were asked for together, as the API shows them.
///
/// @param createdAt when the first was
/// @param finishedAt when the last was over; null as long as one is not
record ExecutionView(
    String executionId,
    Tasks tasks,
    PullRequests pullRequests,
    Instant createdAt,
    @Nullable Instant finishedAt) {
  /// How many are in which state.
  record Tasks(
      int total,
      int todo,
      int inProgress,
      int inReview,
      int done,
      int failed,
      int cancelled,
      int closed) {
    boolean areOver() {
      return todo + inProgress + inReview == 0;
    }
  }

  /// How many pull requests they have.
  record PullRequests(int open, int merged, int closed) {}
}
