package dev.slipway.pr.github;

/// What is to be opened.
///
/// @param head name of a branch of the same repository
/// @param base name of the branch that it is to be merged into
/// @param body at most 65,536 characters
public record NewPullRequest(String title, String head, String base, String body, boolean draft) {}
