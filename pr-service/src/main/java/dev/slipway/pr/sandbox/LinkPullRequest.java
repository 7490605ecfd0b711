package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.core.Command;

/// A sandbox is to be told which pull request came of it.
record LinkPullRequest(PullRequestNumber pullRequest) implements Command {}
