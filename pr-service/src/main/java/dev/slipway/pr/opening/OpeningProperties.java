package dev.slipway.pr.opening;

import dev.slipway.pipeline.operation.WorkerProperties;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How pull requests are opened.
///
/// @param concurrency how many a process opens at once. 0: it opens none, other processes do
/// @param lease how long an operation is a worker's without a word of his; long enough for a create
///   that has just begun to come to its end before another worker looks
@ConfigurationProperties(prefix = "slipway.opening", ignoreUnknownFields = false)
@Validated
record OpeningProperties(
    @DefaultValue("20") @Min(0) @Max(1_000) int concurrency,
    @DefaultValue("60s") @DurationMin(seconds = 50) Duration lease) {

  /// @param worker what workers of all kinds have in common
  WorkerProperties worker(WorkerProperties worker) {
    return new WorkerProperties(
        concurrency,
        worker.overtaking(),
        lease,
        worker.heartbeat(),
        worker.look(),
        worker.minBackoff(),
        worker.maxBackoff(),
        worker.drain());
  }
}
