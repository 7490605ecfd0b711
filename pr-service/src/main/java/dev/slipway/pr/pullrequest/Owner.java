package dev.slipway.pr.pullrequest;

import dev.slipway.pr.sandbox.SandboxOwner;
import org.jspecify.annotations.Nullable;

/// Whom and what a pull request is for besides its tenant. What is not known is null.
public record Owner(
    @Nullable String userId,
    @Nullable String taskId,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable String agentId,
    @Nullable String sessionId,
    @Nullable String sandboxId) {
  /// What a sandbox lends.
  static Owner of(SandboxOwner sandbox) {
    return new Owner(
        sandbox.userId(),
        sandbox.taskId(),
        sandbox.executionId(),
        sandbox.squadId(),
        sandbox.agentId(),
        sandbox.sessionId(),
        sandbox.sandboxId());
  }

  /// The same with this sandbox, if there is one.
  Owner in(@Nullable SandboxOwner sandbox) {
    return sandbox == null
        ? this
        : new Owner(userId, taskId, executionId, squadId, agentId, sessionId, sandbox.sandboxId());
  }
}
