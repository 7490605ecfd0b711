package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.Failure;
import dev.slipway.schemas.sandbox.NetworkMode;
import dev.slipway.schemas.sandbox.SandboxRequested;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Values of records, both ways.
public final class SandboxValueCodec {
  private SandboxValueCodec() {}

  /// Empty for a mode that this build does not know.
  static Optional<Network> network(dev.slipway.schemas.sandbox.Network network) {
    return switch (network.getMode()) {
      case ON -> Optional.of(new Network(Network.Mode.ON, network.getHosts()));
      case OFF -> Optional.of(new Network(Network.Mode.OFF, network.getHosts()));
      case HOSTS -> Optional.of(Network.of(network.getHosts()));
      case UNKNOWN -> Optional.empty();
    };
  }

  static dev.slipway.schemas.sandbox.Network network(Network network) {
    return new dev.slipway.schemas.sandbox.Network(
        NetworkMode.valueOf(network.mode().name()), network.hosts());
  }

  static SandboxSpec spec(SandboxRequested requested) {
    return new SandboxSpec(
        requested.getTemplate(),
        Duration.ofSeconds(requested.getTimeoutSeconds()),
        requested.getMetadata(),
        requested.getEnvironment(),
        network(requested.getNetwork()).orElseThrow(SandboxValueCodec::unknown),
        requested.getRepositoryUrl(),
        requested.getName());
  }

  static @Nullable Failure failure(@Nullable SandboxFailure failure) {
    return failure == null
        ? null
        : new Failure(failure.code(), failure.message(), failure.retryable());
  }

  static @Nullable SandboxFailure failure(@Nullable Failure failure) {
    return failure == null
        ? null
        : new SandboxFailure(failure.getCode(), failure.getMessage(), failure.getRetryable());
  }

  static dev.slipway.schemas.sandbox.@Nullable CommandResult result(
      @Nullable CommandResult result) {
    return result == null
        ? null
        : new dev.slipway.schemas.sandbox.CommandResult(
            result.exitCode(),
            result.signal(),
            result.stdoutBytes(),
            result.stderrBytes(),
            result.truncated(),
            result.durationMillis(),
            result.tail());
  }

  static @Nullable CommandResult result(
      dev.slipway.schemas.sandbox.@Nullable CommandResult result) {
    return result == null
        ? null
        : new CommandResult(
            result.getExitCode(),
            result.getSignal(),
            result.getStdoutBytes(),
            result.getStderrBytes(),
            result.getTruncated(),
            result.getDurationMillis(),
            result.getTail());
  }

  static dev.slipway.schemas.sandbox.@Nullable KillReason reason(@Nullable KillReason reason) {
    return reason == null ? null : dev.slipway.schemas.sandbox.KillReason.valueOf(reason.name());
  }

  static KillReason reason(dev.slipway.schemas.sandbox.KillReason reason) {
    if (reason == dev.slipway.schemas.sandbox.KillReason.UNKNOWN) {
      throw unknown();
    }
    return KillReason.valueOf(reason.name());
  }

  /// Whom and what a sandbox's records belong to.
  public static Context context(String tenant, String sandboxId, SandboxContext context) {
    return new Context(
        tenant,
        context.userId(),
        context.taskId(),
        context.executionId(),
        context.squadId(),
        context.agentId(),
        context.sessionId(),
        sandboxId);
  }

  static SandboxContext context(Context context) {
    return new SandboxContext(
        context.getUserId(),
        context.getTaskId(),
        context.getExecutionId(),
        context.getSquadId(),
        context.getAgentId(),
        context.getSessionId());
  }

  static PermanentException unknown() {
    return new PermanentException("it has a value that this build does not know", null);
  }
}
