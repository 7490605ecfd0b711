package dev.slipway.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Who may call from where, and how often.
///
/// @param hosts names that a request's `Host` may carry besides the loopback's, without port; a
///   name that is missing here is answered 400, which keeps a page on a foreign name that somebody
///   points at this address (DNS rebinding) from talking to it
/// @param corsOrigins origins, such as `https://console.example.com`, whose pages may read the API
/// @param requestsPerSecond of one caller (tenant and subject) on one instance, also the burst; too
///   low breaks a busy client, too high lets one client starve the others
/// @param bodyTimeout for the whole body of a request to the API; too short refuses slow lines, too
///   long lets idle senders hold connections
/// @param maxRequestLine method, path and query of a request; too short stops a stream of many
///   filters, too long lets each connection hold that much memory
@ConfigurationProperties(prefix = "slipway.web", ignoreUnknownFields = false)
@Validated
record WebProperties(
    @DefaultValue List<@Pattern(regexp = "[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\]") String> hosts,
    @DefaultValue
        List<
                @Pattern(
                    regexp =
                        "https?://[A-Za-z0-9.-]+(:[0-9]+)?|https?://\\[[0-9A-Fa-f:.]+\\](:[0-9]+)?")
                String>
            corsOrigins,
    @DefaultValue("2000") @Min(1) @Max(1_000_000) int requestsPerSecond,
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 5) Duration bodyTimeout,
    @DefaultValue("64KB") DataSize maxRequestLine) {
  WebProperties {
    if (maxRequestLine.compareTo(DataSize.ofKilobytes(4)) < 0
        || maxRequestLine.compareTo(DataSize.ofMegabytes(1)) > 0) {
      throw new IllegalArgumentException("max-request-line must be between 4KB and 1MB");
    }
  }
}
