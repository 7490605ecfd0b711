package dev.slipway.pr.pullrequest;

import dev.slipway.web.ContextView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whom and what a pull request is for, as the API shows it.
public final class OwnerView {
  private OwnerView() {}

  /// The context of what is about the pull request.
  ///
  /// @param owner null when nobody's is known
  public static ContextView of(String tenant, @Nullable Owner owner) {
    return owner == null
        ? ContextView.of(tenant)
        : new ContextView(
            tenant,
            owner.userId(),
            uuid(owner.taskId()),
            owner.executionId(),
            owner.squadId(),
            owner.agentId(),
            uuid(owner.sessionId()),
            uuid(owner.sandboxId()));
  }

  private static @Nullable UUID uuid(@Nullable String id) {
    return id == null ? null : UUID.fromString(id);
  }
}
