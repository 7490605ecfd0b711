package dev.slipway.locale2b.envd;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A port of a sandbox.
record SandboxAddress(String id, int port) {
  private static final Pattern HOST = Pattern.compile("(\\d{1,5})-([a-z0-9]+)\\..+");
  private static final Pattern ID = Pattern.compile("[a-z0-9]+");
  private static final int NONE = -1;

  static SandboxAddress of(String id, String port) {
    // what is no id is the id of nothing
    return new SandboxAddress(ID.matcher(id).matches() ? id : "", number(port));
  }

  /// The one that a host's name tells, such as `3000-i1a2.localhost`.
  static Optional<SandboxAddress> ofHost(String host) {
    Matcher matcher = HOST.matcher(host);
    return matcher.matches()
        ? Optional.of(of(matcher.group(2), matcher.group(1)))
        : Optional.empty();
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException _) {
      return NONE;
    }
  }
}
