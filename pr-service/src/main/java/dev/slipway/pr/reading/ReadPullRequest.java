package dev.slipway.pr.reading;

import dev.slipway.pipeline.core.Operation;

/// Reads a pull request from GitHub.
///
/// @param repositoryId whose number it is: the name may be another repository's by now
/// @param repository `owner/name`, the newest that is known
record ReadPullRequest(long repositoryId, String repository, long number) implements Operation {}
