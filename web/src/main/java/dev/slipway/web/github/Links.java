package dev.slipway.web.github;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Header `Link` (RFC 8288).
final class Links {
  private static final Pattern NEXT =
      Pattern.compile("<([^<>]{1,2048})>\\s*((?:;[^,]*)?;\\s*rel=\"?next\"?)(?:\\s*[;,]|\\s*$)");

  private Links() {}

  static Optional<URI> next(String header) {
    Matcher matcher = NEXT.matcher(header);
    try {
      return matcher.find() ? Optional.of(URI.create(matcher.group(1))) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
