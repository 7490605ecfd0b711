package dev.slipway.pr.opening;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How pull requests are opened.
///
/// @param concurrency how many a process opens at once; GitHub takes few calls that write at a
///   time, so that more only wait. 0: it opens none, other processes do
@ConfigurationProperties(prefix = "slipway.opening", ignoreUnknownFields = false)
@Validated
record OpeningProperties(@DefaultValue("20") @Min(0) @Max(1_000) int concurrency) {}
