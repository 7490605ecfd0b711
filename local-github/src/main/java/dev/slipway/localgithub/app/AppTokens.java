package dev.slipway.localgithub.app;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Callers;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import dev.slipway.localserver.RefusedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the App shows: a JWT for itself, and the tokens of its installation, each for an hour.
public final class AppTokens implements Callers {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration LONGEST_JWT = Duration.ofMinutes(10);
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int TOKEN_BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Documents<Issued> issued;
  private final Store store;
  private final AppKey key;
  private final Clock clock;

  /// A token that was handed out.
  ///
  /// @param digest of it: nobody needs to read it again
  /// @param repositories null for all
  record Issued(
      long id,
      String digest,
      Instant expiresAt,
      @Nullable Set<Long> repositories,
      Map<String, String> permissions) {}

  /// A token as its receiver sees it.
  record Token(String value, Instant expiresAt) {
    @Override
    public String toString() {
      return "Token[" + expiresAt + "]";
    }
  }

  /// @param file of the App's key, made when it is not there
  public AppTokens(Store store, Path file, Clock clock) {
    this.store = store;
    this.clock = clock;
    key = AppKey.openOrCreate(file);
    issued = store.documents("installation-token", Issued.class);
  }

  Token issue(Optional<Set<Long>> repositories, Map<String, String> permissions) {
    byte[] random = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(random);
    String value = "ghs_" + HexFormat.of().formatHex(random);
    Instant now = clock.instant();
    for (Issued each : issued.all()) {
      if (!each.expiresAt.isAfter(now)) {
        boolean _ = issued.remove(new Key(0, each.id));
      }
    }
    Issued made =
        new Issued(
            store.nextId(), digest(value), now.plus(LIFE), repositories.orElse(null), permissions);
    issued.put(new Key(0, made.id), made);
    return new Token(value, made.expiresAt);
  }

  void revoke(String value) {
    String digest = digest(value);
    for (Issued each : issued.all()) {
      if (each.digest.equals(digest)) {
        boolean _ = issued.remove(new Key(0, each.id));
      }
    }
  }

  @Override
  public Optional<Caller> find(String credential) {
    if (credential.startsWith("ghs_")) {
      String digest = digest(credential);
      Instant now = clock.instant();
      return issued.all().stream()
          .filter(each -> each.digest.equals(digest) && each.expiresAt.isAfter(now))
          .findFirst()
          .map(each ->
              new Caller(
                  App.BOT,
                  Caller.Kind.INSTALLATION,
                  Optional.ofNullable(each.repositories),
                  each.permissions));
    }
    String[] parts = credential.split("\\.", -1);
    return parts.length == 3 ? Optional.of(app(parts)) : Optional.empty();
  }

  private Caller app(String[] parts) {
    JsonNode claims;
    try {
      JsonMapper json = JsonMapper.shared();
      JsonNode header = json.readTree(decoded(parts[0]));
      claims = json.readTree(decoded(parts[1]));
      if (!header.path("alg").asString("").equals("RS256")
          || !key.verifies(parts[0] + "." + parts[1], Base64.getUrlDecoder().decode(parts[2]))) {
        throw undecodable();
      }
    } catch (JacksonException | IllegalArgumentException _) {
      throw undecodable();
    }
    String issuer = claims.path("iss").asString("");
    if (!issuer.equals(App.CLIENT_ID) && !issuer.equals(Long.toString(App.ID))) {
      throw new RefusedException(401, "'Issuer' claim ('iss') must be the client ID or the App ID");
    }
    requireTimes(claims);
    return new Caller(
        new Account("slipway-local", App.BOT.id(), "Bot"),
        Caller.Kind.APP,
        Optional.empty(),
        Map.of());
  }

  private void requireTimes(JsonNode claims) {
    Instant now = clock.instant();
    if (!claims.path("iat").isIntegralNumber()) {
      throw new RefusedException(
          401,
          "'Issued at' claim ('iat') must be an Integer representing the time that the assertion"
              + " was issued");
    }
    if (!claims.path("exp").isIntegralNumber()
        || !Instant.ofEpochSecond(claims.path("exp").asLong()).isAfter(now)) {
      throw new RefusedException(
          401,
          "'Expiration time' claim ('exp') must be a numeric value representing the future time at"
              + " which the assertion expires");
    }
    if (Instant.ofEpochSecond(claims.path("exp").asLong()).isAfter(now.plus(LONGEST_JWT))) {
      throw new RefusedException(401, "'Expiration time' claim ('exp') is too far in the future");
    }
    if (Instant.ofEpochSecond(claims.path("iat").asLong()).isAfter(now.plus(SKEW))) {
      throw undecodable();
    }
  }

  private static byte[] decoded(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  private static RefusedException undecodable() {
    return new RefusedException(401, "A JSON web token could not be decoded");
  }

  private static String digest(String value) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }
}
