package dev.slipway.sandbox.e2b;

import static java.util.stream.Collectors.joining;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// The filter of E2B's listings, which it decodes three times: the query, then the string, then
/// each key and value.
final class MetadataFilter {
  private MetadataFilter() {}

  /// As the value of a query parameter, encoded for it.
  static String encode(Map<String, String> metadata) {
    String pairs =
        new TreeMap<>(metadata)
            .entrySet().stream()
                .map(pair -> twice(pair.getKey()) + "=" + twice(pair.getValue()))
                .collect(joining("&"));
    return once(pairs);
  }

  private static String twice(String text) {
    return once(once(text));
  }

  /// Percent signs for spaces too: a plus would be one after the next decoding.
  static String once(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
