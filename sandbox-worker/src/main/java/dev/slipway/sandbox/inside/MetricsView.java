package dev.slipway.sandbox.inside;

import dev.slipway.sandbox.provider.SandboxMetrics;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a sandbox uses, as the API shows it; null as long as nothing was measured.
///
/// @param cpuUsedPercent of all its processors together, 0–100 each
/// @param processes that were started from outside and still run
/// @param at when it was measured
record MetricsView(
    @Nullable Integer cpuCount,
    @Nullable Double cpuUsedPercent,
    @Nullable Long memoryTotalBytes,
    @Nullable Long memoryUsedBytes,
    @Nullable Long diskTotalBytes,
    @Nullable Long diskUsedBytes,
    int processes,
    @Nullable Instant at) {
  static MetricsView of(@Nullable SandboxMetrics metrics, int processes) {
    return metrics == null
        ? new MetricsView(null, null, null, null, null, null, processes, null)
        : new MetricsView(
            metrics.cpuCount(),
            metrics.cpuUsedPercent(),
            metrics.memoryTotalBytes(),
            metrics.memoryUsedBytes(),
            metrics.diskTotalBytes(),
            metrics.diskUsedBytes(),
            processes,
            metrics.at());
  }
}
