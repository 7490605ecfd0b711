package dev.slipway.web.security;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.SecretFiles;
import dev.slipway.schemas.Ids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The keys of an installation that issues its own tokens, as [JwtKeysFile] keeps them. The first
/// signs; each of them verifies until its `exp`, if it has one.
///
/// Rotation: [#rotate] puts a fresh key in front and gives the former ones a day. Services see it
/// without a restart.
public final class JwtKeys {
  /// `iss` of the tokens signed here.
  public static final String ISSUER = "slipway";

  /// `aud` of the tokens signed here.
  public static final String AUDIENCE = "slipway";

  /// How long a token may live where no setting says otherwise.
  public static final String MAX_LIFE = "30d";

  /// How long tokens of a former key are good for: enough to hand out new ones.
  private static final Duration OVERLAP = Duration.ofDays(1);

  private static final Duration LIFE_OF_OWNER_TOKEN = Duration.ofDays(36_500);

  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final List<ECKey> keys;
  private final Map<String, String> ownerTokens;

  /// @param keys at least one
  /// @param ownerTokens by the id of the key that signed it, the SHA-256 of the one token that
  ///   [#ownerToken] made
  JwtKeys(List<ECKey> keys, Map<String, String> ownerTokens) {
    this.keys = List.copyOf(keys);
    this.ownerTokens = Map.copyOf(ownerTokens);
  }

  /// Reads the keys.
  ///
  /// @throws InvalidSettingException when the file is missing or holds anything but ES256 keys
  public static JwtKeys load(Path file) {
    SecretFiles.check(file);
    return JwtKeysFile.read(file);
  }

  /// The keys in the file; when there is no file, it is made with one fresh key, readable by its
  /// owner alone. Two processes must not do so at once.
  public static JwtKeys openOrCreate(Path file) {
    if (!Files.exists(file)) {
      JwtKeysFile.write(file, new JwtKeys(List.of(fresh()), Map.of()));
    }
    return load(file);
  }

  /// Writes a fresh key in front of the others. Those go on verifying for a day; the ones whose day
  /// is over are dropped. Two processes must not do so at once.
  public static JwtKeys rotate(Path file, Instant now) {
    JwtKeys rotated = load(file).rotated(now);
    JwtKeysFile.write(file, rotated);
    return rotated;
  }

  /// What [#rotate] would write.
  public JwtKeys rotated(Instant now) {
    Date end = Date.from(now.plus(OVERLAP));
    Stream<ECKey> former =
        keys.stream()
            .filter(key -> isGood(key, now))
            .map(key ->
                key.getExpirationTime() == null
                    ? new ECKey.Builder(key).expirationTime(end).build()
                    : key);
    return new JwtKeys(Stream.concat(Stream.of(fresh()), former).toList(), ownerTokens);
  }

  /// The token of the installation's owner, good for as long as the first key verifies, however
  /// short others must live: the file notes it, so that services know this one among all. Two
  /// processes must not do so at once.
  ///
  /// @param present the one there is; null when there is none
  /// @return `present` if the first key signed it for this owner, else a new one, and what the
  ///   first key signed for the owner before is an ordinary token from now on
  public static String ownerToken(Path file, Caller owner, Instant now, @Nullable String present) {
    JwtKeys keys = load(file);
    String token = keys.renewed(present, owner, now, LIFE_OF_OWNER_TOKEN);
    if (!keys.isOwnerToken(token)) {
      var noted = new HashMap<>(keys.ownerTokens);
      noted.put(keys.keys.getFirst().getKeyID(), sha256(token));
      JwtKeysFile.write(file, new JwtKeys(keys.keys, noted));
    }
    return token;
  }

  /// A signed access token (RFC 9068).
  public String sign(Caller caller, Instant issuedAt, Duration lifetime) {
    ECKey key = keys.getFirst();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(caller.subject())
            .claim("client_id", ISSUER)
            .claim(CallerConverter.TENANT, caller.tenant())
            .claim(CallerConverter.SCOPE, scopes(caller))
            .issueTime(Date.from(issuedAt))
            .expirationTime(Date.from(issuedAt.plus(lifetime)))
            .jwtID(Ids.fresh().toString())
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256).type(ACCESS_TOKEN).keyID(key.getKeyID()).build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("the first signing key has no private part", e);
    }
    return token.serialize();
  }

  /// A token that was signed here once, or a new one when the first key did not sign it, it is not
  /// this caller's, or less than half of its life is left.
  ///
  /// @param present null when there is none
  public String renewed(@Nullable String present, Caller caller, Instant now, Duration lifetime) {
    return present != null && isGood(present, caller, now, lifetime)
        ? present
        : sign(caller, now, lifetime);
  }

  private boolean isGood(String token, Caller caller, Instant now, Duration lifetime) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      Date end = claims.getExpirationTime();
      return keys.getFirst().getKeyID().equals(jwt.getHeader().getKeyID())
          && jwt.verify(new ECDSAVerifier(keys.getFirst()))
          && caller.tenant().equals(claims.getClaim(CallerConverter.TENANT))
          && caller.subject().equals(claims.getSubject())
          && scopes(caller).equals(claims.getClaim(CallerConverter.SCOPE))
          && end != null
          && end.toInstant().isAfter(now.plus(lifetime.dividedBy(2)))
          && !end.toInstant().isAfter(now.plus(lifetime));
    } catch (ParseException | JOSEException _) {
      return false; // whatever it is, it is no token of ours
    }
  }

  private static String scopes(Caller caller) {
    return caller.scopes().stream().sorted().map(Scope::value).collect(Collectors.joining(" "));
  }

  /// The id of the key that signs.
  public String signingKeyId() {
    return keys.getFirst().getKeyID();
  }

  /// The keys that verify but do not sign, the newest first.
  public List<Former> former() {
    return keys.stream()
        .skip(1)
        .map(key -> {
          Date end = key.getExpirationTime();
          return new Former(key.getKeyID(), end == null ? null : end.toInstant());
        })
        .toList();
  }

  /// A key that verifies but does not sign.
  ///
  /// @param verifiesUntil null = for good
  public record Former(String keyId, @Nullable Instant verifiesUntil) {}

  /// The public parts of the keys that verify at a time.
  List<JWK> verifying(Instant now) {
    return keys.stream().filter(key -> isGood(key, now)).<JWK>map(ECKey::toPublicJWK).toList();
  }

  /// Whether the key of an id verifies at a time.
  boolean verifies(String keyId, Instant now) {
    return keys.stream().anyMatch(key -> key.getKeyID().equals(keyId) && isGood(key, now));
  }

  /// Whether [#ownerToken] made it.
  boolean isOwnerToken(String token) {
    return ownerTokens.containsValue(sha256(token));
  }

  /// All of them, private parts included.
  List<ECKey> all() {
    return keys;
  }

  /// As the constructor takes them, but only of keys that are there.
  Map<String, String> ownerTokens() {
    var noted = new HashMap<>(ownerTokens);
    noted.keySet().retainAll(keys.stream().map(ECKey::getKeyID).toList());
    return noted;
  }

  private static boolean isGood(ECKey key, Instant now) {
    return key.getExpirationTime() == null || key.getExpirationTime().toInstant().isAfter(now);
  }

  private static ECKey fresh() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java runtime has no P-256", e);
    }
  }

  private static String sha256(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
