package dev.slipway.sandbox.command;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How commands are run.
///
/// @param outputLimit how much of each output is kept, in the sandbox and in Kafka; a command that
///   prints more runs on, and is told to be truncated. Whole KiB
/// @param pause before a command is followed again whose connection was lost
@ConfigurationProperties(prefix = "slipway.command", ignoreUnknownFields = false)
@Validated
public record CommandProperties(
    @DefaultValue("64MB") DataSize outputLimit,
    @DefaultValue("500ms") @DurationMin(millis = 10) @DurationMax(seconds = 30) Duration pause) {}
