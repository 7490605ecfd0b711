package dev.slipway.pipeline.publish;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How relays publish.
///
/// @param maxRecords most records in one Kafka transaction, their notifications not counted; fewer
///   pay a commit each, more delay the first of them
/// @param maxBytes most bytes of values in one Kafka transaction, those of notifications counted;
///   one larger record still comes through, alone. More hide longer what follows
/// @param transactionTimeout how long Kafka waits for the end of a transaction before it undoes it:
///   for so long, and the second in which it looks, a leader that was killed can hide what follows
///   from whoever reads committed records; too short and a slow broker undoes all that is
///   published. A record that is not answered within two thirds of it is not taken
/// @param pace from the beginning of one transaction to that of the next: what comes up meanwhile
///   shares one. Without, a relay under load takes a quarter more of the processor; the broker is
///   not done with the last one sooner anyway
/// @param minBackoff first pause when something is away; it doubles up to `maxBackoff`
/// @param maxBackoff longest pause, so also about how long a recovery goes unnoticed
@ConfigurationProperties(prefix = "slipway.publisher", ignoreUnknownFields = false)
@Validated
record PublisherProperties(
    @DefaultValue("1000") @Min(1) @Max(10_000) int maxRecords,
    @DefaultValue("1048576") @Min(1_024) @Max(1_048_576) int maxBytes,
    @DefaultValue("3s") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
        Duration transactionTimeout,
    @DefaultValue("8ms") @DurationMin(millis = 0) @DurationMax(seconds = 1) Duration pace,
    @DefaultValue("100ms") @DurationMin(millis = 1) Duration minBackoff,
    @DefaultValue("2s") @DurationMin(millis = 1) Duration maxBackoff) {}
