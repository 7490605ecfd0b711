package dev.slipway.pr.task;

/// A pull request of a task's branch.
///
/// @param url for people
record TaskPullRequest(long number, String url, State state) {
  /// What became of it so far.
  enum State {
    OPEN,
    CLOSED,
    MERGED
  }

  boolean isOpen() {
    return state == State.OPEN;
  }
}
