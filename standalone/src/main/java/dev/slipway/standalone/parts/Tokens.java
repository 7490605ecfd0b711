package dev.slipway.standalone.parts;

import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.JwtKeys;
import dev.slipway.web.security.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/// The tokens that an installation signs itself.
public final class Tokens {
  private static final String MAX_LIFE_VARIABLE = "SLIPWAY_MAX_TOKEN_LIFE";
  private static final String KEYS_VARIABLE = "SLIPWAY_JWT_KEYS";
  private static final String TOKEN = "token";

  /// Everything of the default tenant.
  private static final Caller OWNER =
      new Caller(Caller.DEFAULT_TENANT, "owner", EnumSet.allOf(Scope.class));

  private final Path keys;
  private final Map<String, String> environment;
  private final Clock clock;

  private Tokens(Path keys, Map<String, String> environment, Clock clock) {
    this.keys = keys;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  /// The installation's own keys, or those in the file that `SLIPWAY_JWT_KEYS` names; empty when
  /// its tokens come from an OIDC issuer.
  public static Optional<Tokens> of(
      Map<String, String> environment, DataDirectory directory, Clock clock) {
    if (comeFromAnIssuer(environment)) {
      return Optional.empty();
    }
    Path file =
        Wiring.given(environment, KEYS_VARIABLE)
            .map(Path::of)
            .orElseGet(() ->
                directory.jwtKeys(own -> {
                  var _ = JwtKeys.openOrCreate(own);
                }));
    return Optional.of(new Tokens(file, environment, clock));
  }

  /// The file of the keys that are in use, unless there is none or tokens come from an issuer.
  public static Optional<Path> existingKeys(Map<String, String> environment, Path dataDir) {
    return comeFromAnIssuer(environment)
        ? Optional.empty()
        : Wiring.given(environment, KEYS_VARIABLE)
            .map(Path::of)
            .or(() -> Optional.of(dataDir.resolve(DataDirectory.JWT_KEYS)))
            .filter(Files::exists);
  }

  private static boolean comeFromAnIssuer(Map<String, String> environment) {
    return Wiring.given(environment, "SLIPWAY_OIDC_ISSUER").isPresent();
  }

  /// How long a token may live.
  ///
  /// @throws IllegalArgumentException when the variable that says so is no duration
  public static Duration longestLife(Map<String, String> environment) {
    String life = Wiring.given(environment, MAX_LIFE_VARIABLE).orElse(JwtKeys.MAX_LIFE);
    try {
      return DurationStyle.detectAndParse(life);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(MAX_LIFE_VARIABLE + " is no duration such as 30d", e);
    }
  }

  /// Signs a token.
  ///
  /// @param lifetime services refuse more than [#longestLife]
  public String sign(Caller caller, Duration lifetime) {
    return JwtKeys.load(keys).sign(caller, clock.instant(), lifetime);
  }

  /// Sees that the data directory has a token that opens everything of the default tenant: the one
  /// that is there, unless the signing key did not sign it.
  public void leaveIn(DataDirectory directory) {
    String _ =
        directory.renewed(TOKEN, present -> token(environment, keys, clock.instant(), present));
  }

  /// Makes a new signing key and the data directory's token with it.
  ///
  /// @param keys their file, see [#existingKeys]
  public static JwtKeys rotate(
      Map<String, String> environment, DataDirectory directory, Path keys, Instant now) {
    String _ =
        directory.renewed(
            TOKEN,
            _ -> {
              var _ = JwtKeys.rotate(keys, now);
              return token(environment, keys, now, null);
            });
    return JwtKeys.load(keys);
  }

  /// It lives as long as the directory, whose owner has the keys anyway; keys that are somebody
  /// else's get no note of it, so that it lives as long as any other.
  private static String token(
      Map<String, String> environment, Path keys, Instant now, @Nullable String present) {
    return ServiceSettings.signsItsOwnTokens(environment)
        ? JwtKeys.ownerToken(keys, OWNER, now, present)
        : JwtKeys.load(keys).renewed(present, OWNER, now, longestLife(environment));
  }
}
