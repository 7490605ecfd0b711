package dev.slipway.notifier.router;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How the router reads.
///
/// @param verifyInterval how often the topics are looked at for having been recreated or truncated
@ConfigurationProperties(prefix = "slipway.router", ignoreUnknownFields = false)
@Validated
record RouterProperties(@DefaultValue("10s") @DurationMin(millis = 100) Duration verifyInterval) {}
