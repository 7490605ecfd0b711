package dev.slipway.ingress.delivery;

import dev.slipway.pipeline.security.Secret;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What the ingress takes from whom.
///
/// @param secrets the operator's, valid for every owner; during a rotation the new and the old one
/// @param largestJson body; GitHub sends at most 25 MB, and a larger event is never delivered
/// @param largestForm body; form encoding makes JSON about a third longer
/// @param heldBytes of all bodies together, each counted twice (as received, as record); 0 = a
///   quarter of the heap. Too high and a flood of large bodies ends in an OutOfMemoryError, too low
///   and large deliveries that come together are answered 503, which GitHub does not repeat by
///   itself
/// @param readTimeout for a whole body; GitHub itself gives up after ten seconds
/// @param slowestBytesPerSecond at which a body above 1 MiB must arrive once two seconds are over,
///   so that a sender cannot hold the budget by trickling
/// @param badSignaturesPerMinute of one source before it is answered 429 in place of 401
/// @param trustedProxyHops proxies in front whose `X-Forwarded-For` entries are believed; too high
///   and a sender chooses the address it is known by, too low and all senders share the proxy's
/// @param allowedAddresses where to read who may send: the URL (`https:`, `file:`) of GitHub's
///   `/meta` answer, whose `hooks` are the networks; null = everybody
/// @param allowedAddressesRefresh how often to read them anew; the last good list stays in force
@ConfigurationProperties(prefix = "slipway.webhook", ignoreUnknownFields = false)
@Validated
record DeliveryProperties(
    @DefaultValue List<Secret> secrets,
    @DefaultValue("25MB") DataSize largestJson,
    @DefaultValue("36MB") DataSize largestForm,
    @DefaultValue("0") DataSize heldBytes,
    @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(minutes = 5) Duration readTimeout,
    @DefaultValue("256KB") DataSize slowestBytesPerSecond,
    @DefaultValue("1000") @Min(1) @Max(1_000_000) int badSignaturesPerMinute,
    @DefaultValue("0") @Min(0) @Max(10) int trustedProxyHops,
    @Nullable URI allowedAddresses,
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(days = 1)
        Duration allowedAddressesRefresh) {
  /// What the topic takes, with its envelope.
  private static final DataSize LARGEST = DataSize.ofMegabytes(36);

  private static final List<@Nullable String> SCHEMES = List.of("http", "https", "file");

  DeliveryProperties {
    secrets = secrets.stream().filter(secret -> !secret.value().isEmpty()).toList();
    requireBetween(largestJson, 1, LARGEST, "largest-json");
    requireBetween(largestForm, 1, LARGEST, "largest-form");
    requireBetween(heldBytes, 0, DataSize.ofTerabytes(1), "held-bytes");
    requireBetween(slowestBytesPerSecond, 0, LARGEST, "slowest-bytes-per-second");
    if (allowedAddresses != null && !SCHEMES.contains(allowedAddresses.getScheme())) {
      throw new IllegalArgumentException("allowed-addresses must be an http, https or file URL");
    }
  }

  /// Bytes of the largest body of a kind.
  int largest(BodyKind kind) {
    return (int)
        switch (kind) {
          case JSON -> largestJson.toBytes();
          case FORM -> largestForm.toBytes();
        };
  }

  private static void requireBetween(DataSize size, long least, DataSize most, String name) {
    if (size.toBytes() < least || size.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be between %dB and %dB".formatted(name, least, most.toBytes()));
    }
  }
}
