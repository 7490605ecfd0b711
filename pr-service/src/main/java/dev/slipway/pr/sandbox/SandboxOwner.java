package dev.slipway.pr.sandbox;

import org.jspecify.annotations.Nullable;

/// A sandbox, and whom and what it is for besides its tenant. What is not known is null.
public record SandboxOwner(
    String sandboxId,
    @Nullable String userId,
    @Nullable String taskId,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable String agentId,
    @Nullable String sessionId) {

  /// The same for what its task has nothing to do with.
  public SandboxOwner withoutTask() {
    return new SandboxOwner(sandboxId, userId, null, executionId, squadId, agentId, sessionId);
  }
}
