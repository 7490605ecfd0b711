package dev.slipway.pr.sandbox;

/// What the stage can be told of a sandbox.
sealed interface SandboxInput {
  /// Something became of it.
  record Told(SandboxFact fact) implements SandboxInput {}

  /// There is a pull request of a branch that it pushed.
  ///
  /// @param sha the branch's commit
  /// @param isOpen whether it is neither closed nor merged
  record Seen(PullRequestNumber pullRequest, Head head, String sha, boolean isOpen)
      implements SandboxInput {}
}
