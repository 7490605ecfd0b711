package dev.slipway.locale2b.envd;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How a client takes a file (RFC 9110 §12.5.3).
enum AcceptedEncoding {
  IDENTITY,
  GZIP,
  NONE;

  static AcceptedEncoding of(Optional<String> header) {
    if (header.isEmpty()) {
      return IDENTITY;
    }
    Map<String, Boolean> accepted = new HashMap<>();
    for (String choice : header.get().split(",", -1)) {
      String[] parts = choice.split(";", 2);
      accepted.put(parts[0].strip().toLowerCase(Locale.ROOT), parts.length < 2 || weighs(parts[1]));
    }
    boolean any = accepted.getOrDefault("*", false);
    if (accepted.getOrDefault("gzip", any)) {
      return GZIP;
    }
    boolean refused = !accepted.getOrDefault("identity", accepted.getOrDefault("*", true));
    return refused ? NONE : IDENTITY;
  }

  private static boolean weighs(String parameters) {
    String weight = parameters.replace(" ", "");
    return !weight.matches("(?i)q=0(\\.0*)?");
  }
}
