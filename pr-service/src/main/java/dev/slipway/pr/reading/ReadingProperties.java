package dev.slipway.pr.reading;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How pull requests are read of which deliveries leave open what they are.
///
/// @param look how often such are looked for; each look is one query on an index that is empty
///   mostly
@ConfigurationProperties(prefix = "slipway.reading", ignoreUnknownFields = false)
@Validated
record ReadingProperties(
    @DefaultValue("2s") @DurationMin(millis = 10) @DurationMax(minutes = 10) Duration look) {}
