package dev.slipway.pipeline.operation;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How workers make operations.
///
/// @param concurrency operations that wait for each other which a process makes at once: one of
///   each aggregate; more take more memory and connections to the outside. 0: it makes none, also
///   not those that overtake: other processes do
/// @param overtaking how many more that overtake, such as a cancel: they must not wait for the
///   others
/// @param lease how long an operation is a worker's without a word of his: shorter, and a pause of
///   the machine gives it to another; longer, and what a killed worker had waits longer
/// @param heartbeat how often leases are kept; at least three fit into a lease
/// @param look how often operations are looked for that another process has put down
/// @param minBackoff first pause before an operation is tried again; it doubles up to `maxBackoff`
/// @param maxBackoff longest pause before an operation is tried again
/// @param drain how long a process that is being stopped waits for what is at hand
@ConfigurationProperties(prefix = "slipway.worker", ignoreUnknownFields = false)
@Validated
public record WorkerProperties(
    @DefaultValue("200") @Min(0) @Max(10_000) int concurrency,
    @DefaultValue("50") @Min(1) @Max(10_000) int overtaking,
    @DefaultValue("10s") @DurationMin(millis = 300) Duration lease,
    @DefaultValue("3s") @DurationMin(millis = 10) Duration heartbeat,
    @DefaultValue("2s") @DurationMin(millis = 10) Duration look,
    @DefaultValue("500ms") @DurationMin(millis = 1) Duration minBackoff,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration maxBackoff,
    @DefaultValue("10s") @DurationMin(millis = 0) Duration drain) {

  @AssertTrue(message = "lease must be at least three times heartbeat")
  boolean isLeaseKept() {
    return lease.compareTo(heartbeat.multipliedBy(3)) >= 0;
  }

  /// The same for a feature that makes another number of operations at once.
  public WorkerProperties atOnce(int most) {
    return new WorkerProperties(
        most, overtaking, lease, heartbeat, look, minBackoff, maxBackoff, drain);
  }
}
