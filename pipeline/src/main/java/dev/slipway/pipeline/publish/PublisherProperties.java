package dev.slipway.pipeline.publish;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How relays and the router publish.
///
/// @param maxRecords most records in one Kafka transaction; fewer pay a commit each, more delay the
///   first of them
/// @param maxBytes most bytes of values in one Kafka transaction; one larger record still comes
///   through, alone
/// @param transactionTimeout how long Kafka waits for the end of a transaction before it undoes it:
///   for so long a leader that was killed can hold up whoever reads committed records; too short
///   and a slow broker undoes all that is published
/// @param minBackoff first pause when something is away; it doubles up to `maxBackoff`
/// @param maxBackoff longest pause, so also about how long a recovery goes unnoticed
@ConfigurationProperties(prefix = "slipway.publisher", ignoreUnknownFields = false)
@Validated
public record PublisherProperties(
    @DefaultValue("1000") @Min(1) @Max(10_000) int maxRecords,
    @DefaultValue("4194304") @Min(1_024) @Max(67_108_864) int maxBytes,
    @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
        Duration transactionTimeout,
    @DefaultValue("100ms") @DurationMin(millis = 1) Duration minBackoff,
    @DefaultValue("2s") @DurationMin(millis = 1) Duration maxBackoff) {}
