package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationCodec;
import java.time.Duration;
import java.util.Optional;

/// Operations as rows, and back. References to secrets stay references.
public final class SandboxOperationCodec implements OperationCodec<SandboxOperation> {
  private static final Duration TO_CREATE = Duration.ofMinutes(5);
  private static final Duration TO_CHANGE = Duration.ofMinutes(2);
  private static final Duration FOR_GIT = Duration.ofMinutes(10);

  SandboxOperationCodec() {}

  @Override
  public String kind(SandboxOperation operation) {
    return operation.kind().wireName();
  }

  @Override
  public String encode(SandboxOperation operation) {
    return SandboxJson.write(operation);
  }

  /// What a worker has taken.
  public static SandboxOperation decode(LeasedOperation leased) {
    return SandboxJson.operation(SandboxOperation.Kind.of(leased.kind()), leased.request());
  }

  @Override
  public boolean isOrdered(SandboxOperation operation) {
    return switch (operation.kind()) {
      case CREATE_SANDBOX, RUN_COMMAND, PAUSE, RESET, CLONE, BRANCH, COMMIT, PUSH -> true;
      // commands that wait for it must not hold it up
      case RESUME, EXTEND, TERMINATE -> false;
    };
  }

  @Override
  public Optional<Duration> patience(SandboxOperation operation) {
    return patience(operation.kind());
  }

  /// How long after it was asked for an operation is no longer tried; empty for ever.
  static Optional<Duration> patience(SandboxOperation.Kind kind) {
    return switch (kind) {
      case CREATE_SANDBOX -> Optional.of(TO_CREATE);
      case PAUSE, RESUME, RESET, EXTEND -> Optional.of(TO_CHANGE);
      case CLONE, BRANCH, COMMIT, PUSH -> Optional.of(FOR_GIT);
      case RUN_COMMAND, TERMINATE -> Optional.empty();
    };
  }
}
