package dev.slipway.web.github;

import dev.slipway.pipeline.security.Secret;
import jakarta.validation.constraints.AssertTrue;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Which GitHub it is.
///
/// @param apiUrl of its REST API, `GITHUB_API_URL`; may have a path, which stands before every
///   route. Over http it is for servers on the way to which nobody can listen: tokens are sent
/// @param token of tenant `default`, `GITHUB_TOKEN`; null: it is spoken to as anybody
@ConfigurationProperties(prefix = "slipway.github", ignoreUnknownFields = false)
@Validated
public record GitHubProperties(
    @DefaultValue("https://api.github.com") URI apiUrl, @Nullable Secret token) {
  private static final String PUBLIC_API = "api.github.com";
  private static final String PUBLIC_HOST = "github.com";

  @AssertTrue(message = "api-url must be an http or https address without credentials or query")
  boolean isAddress() {
    return ("https".equals(apiUrl.getScheme()) || "http".equals(apiUrl.getScheme()))
        && apiUrl.getHost() != null
        && apiUrl.getRawUserInfo() == null
        && apiUrl.getRawQuery() == null;
  }

  /// The host that has the repositories, with the port that does not go without saying.
  public String gitHost() {
    if (apiUrl.getHost().equalsIgnoreCase(PUBLIC_API)) {
      return PUBLIC_HOST;
    }
    int usual = isPlain() ? 80 : 443;
    String host = apiUrl.getHost().toLowerCase(Locale.ROOT);
    return apiUrl.getPort() < 0 || apiUrl.getPort() == usual ? host : host + ":" + apiUrl.getPort();
  }

  /// Whether it is spoken to without encryption.
  public boolean isPlain() {
    return "http".equals(apiUrl.getScheme());
  }
}
