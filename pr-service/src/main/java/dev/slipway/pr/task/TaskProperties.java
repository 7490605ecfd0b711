package dev.slipway.pr.task;

import dev.slipway.pipeline.core.BranchPrefix;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How tasks are done.
///
/// @param attempts how often what may pass by itself is tried, before somebody must wish it
/// @param minBackoff how long after the first failure it is tried again; twice that after the next
/// @param maxBackoff the most of it
/// @param todo how long a task waits for somebody who begins with it, before it is cancelled
/// @param review how long nothing is heard of a pull request before it is read from GitHub, since a
///   webhook may be lost
/// @param concurrency how many calls of GitHub a process makes for tasks at once. 0: it makes none,
///   other processes do
@ConfigurationProperties(prefix = "slipway.task", ignoreUnknownFields = false)
@Validated
record TaskProperties(
    @DefaultValue("3") @Min(1) @Max(100) int attempts,
    @DefaultValue("5s") @DurationMin(millis = 1) Duration minBackoff,
    @DefaultValue("1m") @DurationMin(millis = 1) Duration maxBackoff,
    @DefaultValue("30d") @DurationMin(millis = 1) Duration todo,
    @DefaultValue("1d") @DurationMin(seconds = 1) Duration review,
    @DefaultValue("50") @Min(0) @Max(1_000) int concurrency) {
  TaskDeadlines deadlines() {
    return new TaskDeadlines(todo, review);
  }

  /// @param branchPrefix what the branches of tasks begin with
  TaskRules rules(BranchPrefix branchPrefix) {
    return new TaskRules(branchPrefix, attempts, minBackoff, maxBackoff);
  }
}
