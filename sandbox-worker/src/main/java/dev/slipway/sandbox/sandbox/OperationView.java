package dev.slipway.sandbox.sandbox;

import dev.slipway.sandbox.sandbox.SandboxView.FailureView;
import dev.slipway.web.ContextView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An operation as the API shows it.
///
/// @param attempt how many workers have taken it
/// @param result what there was of it; null as long as there is nothing
/// @param version its sandbox's
record OperationView(
    UUID operationId,
    String kind,
    State state,
    Target target,
    int attempt,
    @Nullable JsonNode result,
    @Nullable FailureView failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant deadlineAt,
    ContextView context,
    long version) {

  /// What it is done for.
  record Target(@Nullable UUID sandboxId, @Nullable UUID taskId) {
    static Target of(ContextView context) {
      return new Target(context.sandboxId(), context.taskId());
    }
  }

  /// How far it has come.
  enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    boolean hasEnded() {
      return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
  }

  boolean hasEnded() {
    return state.hasEnded();
  }
}
