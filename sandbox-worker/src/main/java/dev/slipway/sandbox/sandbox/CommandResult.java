package dev.slipway.sandbox.sandbox;

import org.jspecify.annotations.Nullable;

/// How a command ended.
///
/// @param exitCode 0–255; null when it ended in another way
/// @param signal such as `KILL`; null when none ended it
/// @param stdoutBytes that were kept
/// @param stderrBytes that were kept
/// @param truncated whether it printed more than was kept
public record CommandResult(
    @Nullable Integer exitCode,
    @Nullable String signal,
    long stdoutBytes,
    long stderrBytes,
    boolean truncated,
    long durationMillis) {}
