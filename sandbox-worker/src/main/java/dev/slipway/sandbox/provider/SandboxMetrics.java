package dev.slipway.sandbox.provider;

import java.time.Instant;

/// What a sandbox used when it was last measured.
///
/// @param cpuUsedPercent of all its processors together, 0–100 each
public record SandboxMetrics(
    Instant at,
    int cpuCount,
    double cpuUsedPercent,
    long memoryTotalBytes,
    long memoryUsedBytes,
    long diskTotalBytes,
    long diskUsedBytes) {}
