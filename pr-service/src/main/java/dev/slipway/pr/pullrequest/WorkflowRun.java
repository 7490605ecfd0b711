package dev.slipway.pr.pullrequest;

import static java.util.Comparator.comparingLong;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A run of a workflow: the newest attempt counts, and in one attempt its end. Its jobs are check
/// runs, which is what counts as checks.
///
/// @param id GitHub's
/// @param attempt 1, 2, 3 …
record WorkflowRun(
    long id, long attempt, Check.Result result, @Nullable Instant updatedAt, String headSha) {
  private static final Comparator<WorkflowRun> ORDER =
      comparingLong(WorkflowRun::attempt)
          .thenComparing((WorkflowRun run) -> run.result != Check.Result.PENDING)
          .thenComparing(WorkflowRun::updatedAt, nullsFirst(naturalOrder()))
          .thenComparing(WorkflowRun::result)
          .thenComparing(WorkflowRun::headSha);

  WorkflowRun with(WorkflowRun other) {
    return ORDER.compare(this, other) < 0 ? other : this;
  }
}
