package dev.slipway.sandbox.e2b;

import dev.slipway.pipeline.security.Secret;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How to reach E2B, or what speaks as it does.
///
/// @param apiKey of the account, `E2B_API_KEY`
/// @param apiUrl of the control plane, `E2B_API_URL`; a path stands before every route
/// @param sandboxUrl where all sandboxes are reached, `E2B_SANDBOX_URL`; null: each under
///   `https://49983-<id>.<domain>`
/// @param domain of sandboxes whose own answer names none
/// @param connectTimeout for a connection
/// @param requestTimeout for one attempt, to the last byte of its answer; of a stream, to its first
///   event; of an upload, the longest time without progress
/// @param attempts at what may safely be done again, the first included
/// @param longestPause between two attempts; when E2B asks for more, the caller is told to come
///   back
/// @param keepAlive how often envd shows that a silent stream lives; three times as long without a
///   byte and the connection counts as dead. Too short and idle streams cost work, too long and a
///   dead one is noticed late
/// @param answerSize of the largest JSON answer: a listing, mostly
/// @param frameSize of the largest event of a stream; envd sends output in parts of 32 KiB
/// @param breakerCalls that are looked at to judge whether E2B works; too few and a hiccup stops
///   all calls, too many and each caller waits out his own time-outs
/// @param breakerFailurePercent of them from which on no call is made for a while
/// @param breakerPause that while
@ConfigurationProperties(prefix = "slipway.e2b", ignoreUnknownFields = false)
@Validated
record E2bProperties(
    @NotNull Secret apiKey,
    @DefaultValue("https://api.e2b.app") URI apiUrl,
    @Nullable URI sandboxUrl,
    @DefaultValue("e2b.app") String domain,
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 1)
        Duration connectTimeout,
    @DefaultValue("60s") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
        Duration requestTimeout,
    @DefaultValue("3") @Min(1) @Max(10) int attempts,
    @DefaultValue("20s") @DurationMin(millis = 100) @DurationMax(minutes = 5) Duration longestPause,
    @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(seconds = 90) Duration keepAlive,
    @DefaultValue("8MB") DataSize answerSize,
    @DefaultValue("1MB") DataSize frameSize,
    @DefaultValue("20") @Min(2) @Max(1_000) int breakerCalls,
    @DefaultValue("50") @Min(1) @Max(100) int breakerFailurePercent,
    @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 5)
        Duration breakerPause) {
  /// Of a host with or without port.
  static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\\d+)?");

  private static final DataSize LEAST = DataSize.ofKilobytes(64);
  private static final DataSize MOST = DataSize.ofMegabytes(64);

  E2bProperties {
    apiUrl = base(apiUrl, "api-url");
    sandboxUrl = sandboxUrl == null ? null : base(sandboxUrl, "sandbox-url");
    if (!DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException("domain must be a host name such as e2b.app");
    }
    // It becomes the value of a header, and what refuses such a one repeats it in its message.
    if (apiKey != null && !apiKey.value().chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("api-key must be visible ASCII");
    }
    requireInBounds(answerSize, "answer-size");
    requireInBounds(frameSize, "frame-size");
  }

  /// Without a byte for so long, a stream counts as dead.
  Duration silence() {
    return keepAlive.multipliedBy(3);
  }

  private static URI base(URI url, String name) {
    String scheme = url.getScheme();
    boolean isBase =
        ("http".equals(scheme) || "https".equals(scheme))
            && url.getHost() != null
            && url.getRawUserInfo() == null
            && url.getRawQuery() == null
            && url.getRawFragment() == null;
    if (!isBase) {
      throw new IllegalArgumentException(name + " must be an http or https URL without a query");
    }
    return URI.create(url.toString().replaceFirst("/+$", ""));
  }

  private static void requireInBounds(DataSize size, String name) {
    if (size.compareTo(LEAST) < 0 || size.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "%s must be between %dB and %dB".formatted(name, LEAST.toBytes(), MOST.toBytes()));
    }
  }
}
