package dev.slipway.pr.task;

/// State of a task.
enum TaskStatus {
  /// Nothing but a refused wish is known of it.
  NONE,
  /// Asked for, and not begun.
  TODO,
  /// Being done.
  IN_PROGRESS,
  /// Its pull request is open.
  IN_REVIEW,
  /// Its pull request was merged, or there was nothing to change.
  DONE,
  /// It could not be done.
  FAILED,
  /// It was no longer wanted.
  CANCELLED,
  /// Its pull request was closed without being merged.
  CLOSED;

  /// Whether nothing is done or waited for any more.
  boolean isOver() {
    return switch (this) {
      case DONE, FAILED, CANCELLED, CLOSED -> true;
      case NONE, TODO, IN_PROGRESS, IN_REVIEW -> false;
    };
  }
}
