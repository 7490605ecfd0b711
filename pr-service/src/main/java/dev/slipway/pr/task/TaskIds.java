package dev.slipway.pr.task;

import dev.slipway.schemas.Ids;
import java.util.UUID;

/// Ids of what a task asks for. They follow from the task, so that it knows its answers by them,
/// and asks for the same when it is decided again.
final class TaskIds {
  private TaskIds() {}

  /// The sandbox of an attempt.
  static UUID sandbox(UUID task, int attempt) {
    return of(task, "sandbox", attempt);
  }

  /// The operation that looks at the repository for an attempt.
  static UUID survey(UUID task, int attempt) {
    return of(task, "survey", attempt);
  }

  /// The operation that opens the pull request for an attempt.
  static UUID opening(UUID task, int attempt) {
    return of(task, "opening", attempt);
  }

  /// The operation that closes a pull request.
  static UUID closing(UUID task, long number) {
    return Ids.derived(TaskStage.NAME, task, "closing", Long.toString(number), 0);
  }

  /// The operation that is asked for in a sandbox.
  static UUID inSandbox(UUID sandbox, String what, int n) {
    return of(sandbox, what, n);
  }

  private static UUID of(UUID cause, String what, int n) {
    return Ids.derived(TaskStage.NAME, cause, what, "", n);
  }
}
