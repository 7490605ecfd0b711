package dev.slipway.web;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whom and what a resource belongs to, as the API shows it.
public record ContextView(
    String tenant,
    @Nullable String userId,
    @Nullable UUID taskId,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable String agentId,
    @Nullable UUID sessionId,
    @Nullable UUID sandboxId) {
  /// Of which no more than the tenant is known.
  public static ContextView of(String tenant) {
    return new ContextView(tenant, null, null, null, null, null, null, null);
  }
}
