package dev.slipway.sandbox.sandbox;

/// How far a sandbox has come.
public enum SandboxStatus {
  /// Nothing but a refused wish is known of it.
  NONE,
  REQUESTED,
  CREATED,
  RUNNING,
  PAUSED,
  TERMINATING,
  TERMINATED,
  /// It never came to run.
  FAILED;

  /// Whether its provider has it, and nobody wants its end.
  public boolean isAlive() {
    return this == CREATED || this == RUNNING || this == PAUSED;
  }

  /// Whether nothing becomes of it any more.
  public boolean isOver() {
    return this == TERMINATED || this == FAILED;
  }

  /// Whether it stays as it is until somebody wants something else.
  public boolean isSettled() {
    return this == RUNNING || this == PAUSED || isOver();
  }
}
