package dev.slipway.standalone.parts;

import dev.slipway.pipeline.security.Caller;
import dev.slipway.pipeline.security.JwtKeys;
import dev.slipway.pipeline.security.Scope;
import dev.slipway.standalone.directory.DataDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/// The tokens that an installation signs itself.
public final class Tokens {
  /// As long as the directory: its owner has the keys anyway.
  private static final Duration LIFETIME_OF_OWN = Duration.ofDays(36_500);

  private final JwtKeys keys;
  private final Clock clock;

  private Tokens(JwtKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /// The installation's own keys, or those in the file that `SLIPWAY_JWT_KEYS` names; empty when
  /// its tokens come from an OIDC issuer.
  public static Optional<Tokens> of(
      Map<String, String> environment, DataDirectory directory, Clock clock) {
    if (Wiring.given(environment, "SLIPWAY_OIDC_ISSUER").isPresent()) {
      return Optional.empty();
    }
    Path file =
        Wiring.given(environment, "SLIPWAY_JWT_KEYS")
            .map(Path::of)
            .orElseGet(() ->
                directory.jwtKeys(own -> {
                  var _ = JwtKeys.openOrCreate(own);
                }));
    return Optional.of(new Tokens(JwtKeys.load(file), clock));
  }

  public String sign(Caller caller, Duration lifetime) {
    return keys.sign(caller, clock.instant(), lifetime);
  }

  /// Leaves a token in the data directory that opens everything of the default tenant.
  public void leaveIn(DataDirectory directory) {
    Caller owner = new Caller(Caller.DEFAULT_TENANT, "owner", EnumSet.allOf(Scope.class));
    String _ = directory.secret("token", () -> sign(owner, LIFETIME_OF_OWN));
  }
}
