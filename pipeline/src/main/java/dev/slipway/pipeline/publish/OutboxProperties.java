package dev.slipway.pipeline.publish;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How the rows of an outbox are looked after.
///
/// @param pollInterval how often it is looked at when nothing wakes its relay: the delay of rows
///   that another process has written; shorter asks the database more often for nothing
/// @param kept how long rows are kept after they were published, for people who look for what
///   happened
/// @param sweepInterval how often rows that were kept long enough are deleted
/// @param sweepRows most rows that one transaction deletes; more of them hold up publishing
@ConfigurationProperties(prefix = "slipway.outbox", ignoreUnknownFields = false)
@Validated
record OutboxProperties(
    @DefaultValue("100ms") @DurationMin(millis = 1) @DurationMax(seconds = 10)
        Duration pollInterval,
    @DefaultValue("24h") @DurationMin(seconds = 1) Duration kept,
    @DefaultValue("1m") @DurationMin(millis = 100) Duration sweepInterval,
    @DefaultValue("2000") @Min(1) @Max(100_000) int sweepRows) {}
