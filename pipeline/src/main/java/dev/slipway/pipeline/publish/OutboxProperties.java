package dev.slipway.pipeline.publish;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How the rows of an outbox are looked after.
///
/// @param pollInterval how often it is looked at when nothing wakes its relay: a commit in the same
///   process does, so this is the delay of rows that another process has written, such as one whose
///   own relay does not lead. Shorter asks the database more often for nothing
/// @param kept how long rows are kept after they were published. Below two minutes a power cut
///   could take what is then no more there to be published again
/// @param sweepInterval how often rows that were kept long enough are deleted
/// @param sweepRows most rows that one transaction deletes; more of them hold up publishing
/// @param bootDirectory where it is noted under which boot of the machine a relay leads; after a
///   power cut, what was published last is published again. For a Kafka that answers before its
///   disk has it, as the one of `slipway up`; null for any other
@ConfigurationProperties(prefix = "slipway.outbox", ignoreUnknownFields = false)
@Validated
record OutboxProperties(
    @DefaultValue("1s") @DurationMin(millis = 1) @DurationMax(seconds = 10) Duration pollInterval,
    @DefaultValue("10m") @DurationMin(minutes = 2) Duration kept,
    @DefaultValue("1m") @DurationMin(millis = 100) Duration sweepInterval,
    @DefaultValue("2000") @Min(1) @Max(100_000) int sweepRows,
    @Nullable Path bootDirectory) {}
