package dev.slipway.web.github;

import java.net.URI;
import java.util.Locale;

/// Where the API is: a host, and a path before every route.
final class ApiAddress {
  private final URI base;
  private final String prefix;

  ApiAddress(GitHubProperties properties) {
    this.base = URI.create(properties.base());
    this.prefix = base.getRawPath() + "/";
  }

  /// Whether an address is one of the API's.
  boolean has(URI uri) {
    return base.getScheme().equalsIgnoreCase(uri.getScheme())
        && uri.getHost() != null
        && base.getHost().toLowerCase(Locale.ROOT).equals(uri.getHost().toLowerCase(Locale.ROOT))
        && port(base) == port(uri)
        && uri.getRawUserInfo() == null
        && uri.getRawPath() != null
        && uri.normalize().getRawPath().startsWith(prefix);
  }

  /// The route that an address of the API's is of.
  String route(URI uri) {
    return uri.normalize().getRawPath().substring(prefix.length() - 1);
  }

  /// The address of a route.
  URI of(String route) {
    return URI.create(base + route);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }
}
