package dev.slipway.pr.pullrequest;

/// State of a pull request; GitHub itself says only open and closed.
enum PullRequestState {
  OPEN,
  CLOSED,
  /// For ever.
  MERGED
}
