package dev.slipway.standalone;

import java.util.Map;

/// What makes words stand out where somebody looks at a terminal. Whatever the words are, they do
/// nothing to it.
///
/// @param colours whether there are any
record Ink(boolean colours) {
  static final Ink NONE = new Ink(false);

  /// As the environment wants it: `NO_COLOR`, and terminals that can do nothing.
  static Ink of(Map<String, String> environment, boolean terminal) {
    return new Ink(
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb"));
  }

  String strong(String text) {
    return painted("1", text);
  }

  String faint(String text) {
    return painted("2", text);
  }

  String good(String text) {
    return painted("32", text);
  }

  String bad(String text) {
    return painted("31", text);
  }

  String active(String text) {
    return painted("36", text);
  }

  private String painted(String code, String text) {
    String harmless = HarmlessWriter.escaped(text);
    return colours && !harmless.isEmpty() ? "\033[" + code + "m" + harmless + "\033[0m" : harmless;
  }
}
