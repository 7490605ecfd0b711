package dev.slipway.pr.task;

/// What is being done for a task in progress.
enum TaskStep {
  /// Its sandbox is made, and its repository looked at.
  CREATING_SANDBOX(5),
  /// The repository goes into the sandbox.
  CLONING(15),
  /// Its branch is made.
  BRANCHING(25),
  /// Its runner works.
  RUNNING(30),
  /// What was changed becomes a commit.
  COMMITTING(75),
  /// The commit goes to the repository.
  PUSHING(85),
  /// The pull request is opened.
  OPENING_PULL_REQUEST(95);

  private final int percent;

  TaskStep(int percent) {
    this.percent = percent;
  }

  /// How far a task is that begins it, in percent.
  int percent() {
    return percent;
  }
}
