package dev.slipway.standalone.chaos;

/// What people do with a task.
enum Fate {
  /// Its pull request stays as it is.
  LEAVE("IN_REVIEW"),

  /// Its pull request is merged once the task is in review.
  MERGE("DONE"),

  /// Its pull request is merged as soon as GitHub has it, whoever else knows of it by then.
  MERGE_AT_ONCE("DONE"),

  /// Its pull request is closed.
  CLOSE("CLOSED"),

  /// It is cancelled on its way.
  CANCEL("CANCELLED");

  private final String state;

  Fate(String state) {
    this.state = state;
  }

  /// The task's state in the end.
  String state() {
    return state;
  }

  boolean isMerge() {
    return this == MERGE || this == MERGE_AT_ONCE;
  }
}
