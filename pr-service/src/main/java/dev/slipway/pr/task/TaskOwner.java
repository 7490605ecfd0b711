package dev.slipway.pr.task;

import org.jspecify.annotations.Nullable;

/// Whom and what a task is for besides its tenant. What is not known is null.
record TaskOwner(
    @Nullable String userId,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable String agentId,
    @Nullable String sessionId) {
  static final TaskOwner NONE = new TaskOwner(null, null, null, null, null);

  TaskOwner assigned(@Nullable String agent) {
    return agent == null ? this : new TaskOwner(userId, executionId, squadId, agent, sessionId);
  }
}
