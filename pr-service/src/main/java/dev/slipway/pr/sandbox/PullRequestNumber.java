package dev.slipway.pr.sandbox;

/// Which pull request.
///
/// @param repositoryId GitHub's id of the base repository
/// @param number in it
record PullRequestNumber(long repositoryId, long number) {}
