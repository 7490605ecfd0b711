package dev.slipway.pr.pullrequest;

import org.jspecify.annotations.Nullable;

/// Which pull requests a list wants; null = all.
///
/// @param repository `owner/name`, current or former, in any case
/// @param author login
/// @param after the last of the page before; null for the first page
/// @param limit most rows
record PullRequestFilter(
    @Nullable String repository,
    @Nullable PullRequestState state,
    @Nullable String author,
    @Nullable PullRequestCursor after,
    int limit) {}
