package dev.slipway.locale2b.control;

import dev.slipway.localserver.RefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The metadata that a sandbox must have to be listed.
///
/// @param wanted all of these, exactly
record MetadataFilter(Map<String, String> wanted) {
  MetadataFilter {
    wanted = Map.copyOf(wanted);
  }

  /// Reads a filter: pairs whose parts are percent-encoded, joined as a form, encoded again.
  ///
  /// @param parameter the query's, decoded once
  static MetadataFilter parse(Optional<String> parameter) {
    Map<String, String> wanted = new LinkedHashMap<>();
    if (parameter.isPresent() && !parameter.get().isEmpty()) {
      for (String pair : decoded(parameter.get()).split("&", -1)) {
        String[] parts = pair.split("=", -1);
        if (parts.length != 2) {
          throw malformed(pair);
        }
        wanted.put(decoded(parts[0]), decoded(parts[1]));
      }
    }
    return new MetadataFilter(wanted);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw malformed(text);
    }
  }

  private static RefusedException malformed(String what) {
    return new RefusedException(400, "invalid metadata filter: " + what);
  }

  boolean admits(Map<String, String> metadata) {
    return metadata.entrySet().containsAll(wanted.entrySet());
  }
}
