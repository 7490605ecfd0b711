package dev.slipway.sandbox.sandbox;

import org.jspecify.annotations.Nullable;

/// Whom and what a sandbox is for, besides its tenant. What is not known is null.
record SandboxContext(
    @Nullable String userId,
    @Nullable String taskId,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable String agentId,
    @Nullable String sessionId) {
  static final SandboxContext NONE = new SandboxContext(null, null, null, null, null, null);
}
