package dev.slipway.sandbox.worker;

import jakarta.validation.constraints.AssertTrue;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How sandboxes are looked after.
///
/// @param lifetime how long a sandbox lives at its provider without a word of ours: shorter, and an
///   outage of all workers costs running work; longer, and what nobody remembers costs money
/// @param care how often lifetimes are extended, and what the provider has is compared with what we
///   know; a quarter of `lifetime` at most
/// @param orphanAge how old a sandbox must be that bears our tags and is none of ours before it is
///   ended: above the time that a creation takes, with a lease and a margin
/// @param unavailable why there is no provider, and what to do about it; told to whoever asks for a
///   sandbox where none is configured
@ConfigurationProperties(prefix = "slipway.sandbox", ignoreUnknownFields = false)
@Validated
record SandboxWorkerProperties(
    @DefaultValue("10m") @DurationMin(seconds = 20) @DurationMax(hours = 1) Duration lifetime,
    @DefaultValue("30s") @DurationMin(millis = 50) @DurationMax(minutes = 15) Duration care,
    @DefaultValue("3m") @DurationMin(millis = 0) Duration orphanAge,
    @DefaultValue(
            "No provider of sandboxes is configured: set E2B_API_KEY, and E2B_API_URL if it is not"
                + " E2B's own.")
        String unavailable) {

  @AssertTrue(message = "care must be a quarter of lifetime at most")
  boolean isCareful() {
    return care.multipliedBy(4).compareTo(lifetime) <= 0;
  }
}
