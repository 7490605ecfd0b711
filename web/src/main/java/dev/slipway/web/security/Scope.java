package dev.slipway.web.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a token allows. Each path of the API asks for one of them; none contains another.
public enum Scope {
  TASKS,
  SANDBOXES,
  ALLOCATE,
  CHAT,
  EVENTS,
  ADMIN;

  /// As it stands in a token's `scope` claim.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Empty for what Slipway does not know: an issuer's tokens carry scopes of other systems too.
  public static Optional<Scope> parse(String value) {
    return Arrays.stream(values()).filter(scope -> scope.value().equals(value)).findFirst();
  }
}
