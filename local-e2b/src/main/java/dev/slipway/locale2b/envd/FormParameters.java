package dev.slipway.locale2b.envd;

import java.util.Optional;

/// Parameters of a header's value, such as `form-data; name="file"`.
final class FormParameters {
  private FormParameters() {}

  static Optional<String> find(String header, String name) {
    int at = header.indexOf(';');
    while (at >= 0 && at < header.length()) {
      int equals = header.indexOf('=', at);
      if (equals < 0) {
        return Optional.empty();
      }
      String key = header.substring(at + 1, equals).strip();
      StringBuilder value = new StringBuilder();
      at = value(header, equals + 1, value);
      if (key.equalsIgnoreCase(name)) {
        return Optional.of(value.toString());
      }
    }
    return Optional.empty();
  }

  /// Reads a value, quoted or not.
  ///
  /// @return where the semicolon behind it stands
  private static int value(String header, int from, StringBuilder value) {
    int at = from;
    while (at < header.length() && header.charAt(at) == ' ') {
      at++;
    }
    if (at >= header.length() || header.charAt(at) != '"') {
      int end = header.indexOf(';', at);
      int stop = end < 0 ? header.length() : end;
      value.append(header.substring(at, stop).strip());
      return stop;
    }
    for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
      char c = header.charAt(at);
      boolean escapes =
          c == '\\'
              && at + 1 < header.length()
              && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\');
      if (escapes) {
        at++;
      }
      value.append(header.charAt(at));
    }
    int end = header.indexOf(';', at);
    return end < 0 ? header.length() : end;
  }
}
