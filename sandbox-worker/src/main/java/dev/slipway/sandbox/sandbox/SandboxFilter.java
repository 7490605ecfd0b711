package dev.slipway.sandbox.sandbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which sandboxes a list wants; null = all.
///
/// @param repository its address, or `owner/name` in any case
/// @param metadata tags that it must have, with these values
/// @param after the last of the page before; null for the first page
/// @param limit most rows
record SandboxFilter(
    @Nullable SandboxStatus state,
    @Nullable String template,
    @Nullable String name,
    @Nullable String taskId,
    @Nullable String sessionId,
    @Nullable String repository,
    Map<String, String> metadata,
    @Nullable SandboxCursor after,
    int limit) {}
