package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.web.ContextView;
import dev.slipway.web.operation.FailureView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A sandbox as the API shows it.
///
/// @param runtimeSeconds since it first ran; so far while it has not ended
/// @param network `on`, `off` or a list of names of hosts
/// @param pullRequest the one that came of it; null as long as none is known
/// @param pool null for one that belongs to none
record SandboxView(
    UUID sandboxId,
    @Nullable String name,
    @Nullable String externalId,
    @Nullable String provider,
    String template,
    SandboxStatus state,
    @Nullable String killReason,
    double runtimeSeconds,
    @Nullable Instant expiresAt,
    Map<String, String> metadata,
    Object network,
    @Nullable String repositoryUrl,
    @Nullable PullRequestLink pullRequest,
    @Nullable Object pool,
    @Nullable FailureView failure,
    @Nullable Instant createdAt,
    @Nullable Instant runningAt,
    @Nullable Instant pausedAt,
    @Nullable Instant terminatedAt,
    ContextView context,
    long version) {
  private static final double MILLIS = 1_000;

  /// @param now until when it ran if it has not ended
  static SandboxView of(AggregateId id, SandboxState state, long version, Instant now) {
    SandboxSpec spec = state.spec();
    if (spec == null) {
      throw new IllegalStateException("sandbox " + id.key() + " was not asked for");
    }
    SandboxFailure failure = state.failure();
    SandboxState.Times times = state.times();
    return new SandboxView(
        UUID.fromString(id.key()),
        spec.name(),
        state.externalId(),
        state.place() == null ? null : state.place().provider(),
        spec.template(),
        state.status(),
        state.killReason() == null ? null : state.killReason().wireName(),
        state.runtimeMillis(now) / MILLIS,
        times.expiresAt(),
        spec.metadata(),
        network(spec.network()),
        spec.repositoryUrl(),
        state.pullRequest(),
        null,
        failure == null
            ? null
            : new FailureView(
                failure.code(), failure.message(), failure.retryable(), times.endedAt()),
        times.requestedAt(),
        times.runningAt(),
        times.pausedAt(),
        state.status() == SandboxStatus.TERMINATED ? times.endedAt() : null,
        context(id, state.context()),
        version);
  }

  private static Object network(Network network) {
    return switch (network.mode()) {
      case ON -> "on";
      case OFF -> "off";
      case HOSTS -> network.hosts();
    };
  }

  static ContextView context(AggregateId id, SandboxContext context) {
    return new ContextView(
        id.tenant(),
        context.userId(),
        uuid(context.taskId()),
        context.executionId(),
        context.squadId(),
        context.agentId(),
        uuid(context.sessionId()),
        UUID.fromString(id.key()));
  }

  private static @Nullable UUID uuid(@Nullable String id) {
    return id == null ? null : UUID.fromString(id);
  }

  /// A page of sandboxes.
  ///
  /// @param nextCursor null on the last page
  record Page(List<SandboxView> items, @Nullable String nextCursor) {}
}
