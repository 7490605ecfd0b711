package dev.slipway.pipeline.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.schemas.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The keys of an installation that issues its own tokens: a JWK set (RFC 7517) of ES256 keys in
/// one file. The first key signs, each of them verifies.
///
/// Rotation: [#rotate] puts a fresh key in front, and every process reads the file at its next
/// start; tokens of the former keys stay good until [#rotate] has dropped them from the end.
public final class JwtKeys {
  /// `iss` of the tokens signed here.
  public static final String ISSUER = "slipway";

  /// `aud` of the tokens signed here.
  public static final String AUDIENCE = "slipway";

  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private final List<ECKey> keys;

  private JwtKeys(List<ECKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /// Reads the keys.
  ///
  /// @throws InvalidSettingException when the file is missing or holds anything but ES256 keys
  public static JwtKeys load(Path file) {
    try {
      return new JwtKeys(
              JWKSet.load(file.toFile()).getKeys().stream().map(key -> es256(file, key)).toList())
          .notEmpty(file);
    } catch (IOException e) {
      throw new InvalidSettingException("cannot read the signing keys in " + file, e);
    } catch (ParseException e) {
      // Without its cause: the parser's message may quote the file.
      throw new InvalidSettingException("no JWK set: " + file);
    }
  }

  /// The keys in the file; when there is no file, it is made with one fresh key, readable by its
  /// owner alone. Two processes must not do so at once.
  public static JwtKeys openOrCreate(Path file) {
    if (!Files.exists(file)) {
      write(file, List.of(fresh()));
    }
    return load(file);
  }

  /// Puts a fresh key in front of the newest `kept` ones.
  ///
  /// @param kept how many former keys go on verifying; with 0, every token out there dies
  public static JwtKeys rotate(Path file, int kept) {
    write(file, Stream.concat(Stream.of(fresh()), load(file).keys.stream().limit(kept)).toList());
    return load(file);
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
            .claim(
                CallerConverter.SCOPE,
                caller.scopes().stream()
                    .sorted()
                    .map(Scope::value)
                    .collect(Collectors.joining(" ")))
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

  /// The public parts, which verify.
  List<JWK> publicKeys() {
    return keys.stream().<JWK>map(ECKey::toPublicJWK).toList();
  }

  private JwtKeys notEmpty(Path file) {
    if (keys.isEmpty()) {
      throw new InvalidSettingException("no signing key in " + file);
    }
    return this;
  }

  private static ECKey es256(Path file, JWK key) {
    if (key instanceof ECKey ec && Curve.P_256.equals(ec.getCurve()) && ec.getKeyID() != null) {
      return ec;
    }
    throw new InvalidSettingException("every key in " + file + " must be of P-256 with a kid");
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

  private static void write(Path file, List<ECKey> keys) {
    String json = new JWKSet(List.<JWK>copyOf(keys)).toString(false);
    Path absolute = file.toAbsolutePath();
    try {
      // Complete or not at all, and at no moment readable by others.
      Path draft =
          Files.createTempFile(
              absolute.getParent(),
              ".jwt-keys",
              null,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, json);
      Files.move(draft, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InvalidSettingException("cannot write " + file, e);
    }
  }
}
