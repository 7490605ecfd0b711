package dev.slipway.pr.task;

import org.jspecify.annotations.Nullable;

/// Which tasks a list wants; null = all.
///
/// @param repository its address, or `owner/name` in any case
/// @param label one of those that its pull request is to bear
/// @param after the last of the page before; null for the first page
/// @param limit most rows
record TaskFilter(
    @Nullable TaskStatus state,
    @Nullable String repository,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable String agentId,
    @Nullable String label,
    @Nullable TaskCursor after,
    int limit) {}
