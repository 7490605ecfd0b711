package dev.slipway.sandbox.sandbox;

import org.jspecify.annotations.Nullable;

/// How a command ended.
///
/// @param exitCode 0–255; null when it ended in another way
/// @param signal such as `KILL`; null when none ended it
/// @param stdoutBytes that were kept
/// @param stderrBytes that were kept
/// @param truncated whether it printed more than was kept
/// @param tail the last lines that it printed, for people; null unless something went wrong with it
public record CommandResult(
    @Nullable Integer exitCode,
    @Nullable String signal,
    long stdoutBytes,
    long stderrBytes,
    boolean truncated,
    long durationMillis,
    @Nullable String tail) {
  /// Leaves out what it printed.
  @Override
  public String toString() {
    return "CommandResult[exitCode=%s, signal=%s, stdoutBytes=%d, stderrBytes=%d, truncated=%s, %d ms]"
        .formatted(exitCode, signal, stdoutBytes, stderrBytes, truncated, durationMillis);
  }
}
