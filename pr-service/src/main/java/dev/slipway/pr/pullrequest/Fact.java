package dev.slipway.pr.pullrequest;

/// One thing that GitHub says. What is known of a repository is the join of all facts, each under a
/// key of its own: commutative, associative and idempotent.
public sealed interface Fact {
  /// The repository has this name.
  record Named(RepositoryName name) implements Fact {}

  /// The pull request as a whole.
  record Seen(long number, Snapshot snapshot) implements Fact {}

  /// It was merged.
  record MergedAs(long number, Merge merge) implements Fact {}

  /// Somebody reviewed it.
  record Reviewed(long number, Review review) implements Fact {}

  /// Somebody commented on it.
  record Commented(Comment comment) implements Fact {}

  /// Something checked a commit.
  record Checked(Check check) implements Fact {}

  /// A workflow ran.
  record Ran(WorkflowRun run) implements Fact {}
}
