package dev.slipway.web.github;

import dev.slipway.pipeline.security.Secret;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Which GitHub it is, as whom it is spoken to, and how.
///
/// @param apiUrl of its REST API, `GITHUB_API_URL`; may have a path, which stands before every
///   route. Over http it is for servers on the way to which nobody can listen: tokens are sent
/// @param token of tenant `default`, `GITHUB_TOKEN`
/// @param appId id or client id of a GitHub App, `GITHUB_APP_ID`, in place of a token. Without
///   either it is spoken to as anybody
/// @param appKeyFile the App's private key as GitHub hands it out, `GITHUB_APP_KEY_FILE`
@ConfigurationProperties(prefix = "slipway.github", ignoreUnknownFields = false)
@Validated
public record GitHubProperties(
    @DefaultValue("https://api.github.com") URI apiUrl,
    @Nullable Secret token,
    @Nullable String appId,
    @Nullable Path appKeyFile,
    @DefaultValue @Valid Client client,
    @DefaultValue @Valid Budget budget) {
  private static final String API = "api.";

  /// Where the API has a host of its own: on github.com, and on ghe.com, where GitHub keeps what is
  /// to stay in a region.
  private static final Pattern GITHUBS_OWN =
      Pattern.compile("api\\.(github\\.com|[a-z0-9-]+\\.ghe\\.com)");

  /// How its API is called.
  ///
  /// @param connectTimeout for a connection
  /// @param requestTimeout for a call, to the last byte of its answer. Too short, and a pull
  ///   request that was opened may not be known as such until it is looked for again
  /// @param answerSize of the largest answer that is read
  /// @param cacheSize of the answers that are kept to be asked for only if they changed
  /// @param breakerCalls that are looked at to judge whether GitHub works; too few and a hiccup
  ///   stops all calls, too many and each caller waits out his own time-outs
  /// @param breakerFailurePercent of them from which on no call is made for a while
  /// @param breakerPause that while
  public record Client(
      @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 1)
          Duration connectTimeout,
      @DefaultValue("20s") @DurationMin(millis = 100) @DurationMax(minutes = 5)
          Duration requestTimeout,
      @DefaultValue("8MB") DataSize answerSize,
      @DefaultValue("16MB") DataSize cacheSize,
      @DefaultValue("20") @Min(2) @Max(1_000) int breakerCalls,
      @DefaultValue("50") @Min(1) @Max(100) int breakerFailurePercent,
      @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 5)
          Duration breakerPause) {}

  /// What GitHub stands of calls that write before it refuses them, and at last whoever makes them.
  ///
  /// @param perMinute calls that create something people see, of one installation or token; 0 for
  ///   as many as there are
  /// @param perHour the same for an hour
  /// @param spacing between two calls that write
  public record Budget(
      @DefaultValue("80") @Min(0) int perMinute,
      @DefaultValue("500") @Min(0) int perHour,
      @DefaultValue("1s") @DurationMax(minutes = 1) Duration spacing) {}

  @AssertTrue(message = "api-url must be an http or https address without credentials or query")
  boolean isAddress() {
    return ("https".equals(apiUrl.getScheme()) || "http".equals(apiUrl.getScheme()))
        && apiUrl.getHost() != null
        && apiUrl.getRawUserInfo() == null
        && apiUrl.getRawQuery() == null
        && apiUrl.getRawFragment() == null;
  }

  @AssertTrue(
      message =
          "token (GITHUB_TOKEN) and app-id (GITHUB_APP_ID) are two ways to say who speaks: set one")
  boolean isOneCaller() {
    return token == null || (appId == null && appKeyFile == null);
  }

  @AssertTrue(
      message = "app-id (GITHUB_APP_ID) and app-key-file (GITHUB_APP_KEY_FILE) need each other")
  boolean isWholeApp() {
    return (appId == null) == (appKeyFile == null);
  }

  @AssertTrue(message = "token (GITHUB_TOKEN) must be visible ASCII")
  boolean isTokenForHeader() {
    return token == null || Credential.isForHeader(token);
  }

  /// The host that has the repositories, with the port that does not go without saying.
  public String gitHost() {
    String api = apiUrl.getHost().toLowerCase(Locale.ROOT);
    String host = GITHUBS_OWN.matcher(api).matches() ? api.substring(API.length()) : api;
    int usual = isPlain() ? 80 : 443;
    return apiUrl.getPort() < 0 || apiUrl.getPort() == usual ? host : host + ":" + apiUrl.getPort();
  }

  /// Whether it is spoken to without encryption.
  public boolean isPlain() {
    return "http".equals(apiUrl.getScheme());
  }

  /// The address before every route, without a slash at its end.
  String base() {
    return apiUrl.toString().replaceFirst("/+$", "");
  }
}
