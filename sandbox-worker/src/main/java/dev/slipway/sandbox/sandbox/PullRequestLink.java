package dev.slipway.sandbox.sandbox;

/// The pull request that came of what a sandbox pushed.
///
/// @param repositoryId GitHub's id of the base repository
/// @param number in it
record PullRequestLink(long repositoryId, long number) {}
