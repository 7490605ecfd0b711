package dev.slipway.web.github;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The private key of a GitHub App, in PEM: PKCS#1 as GitHub hands it out, or PKCS#8.
final class AppKey {
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1?PRIVATE KEY-----");

  /// A clock that goes ahead of GitHub's by less is right enough.
  private static final Duration SKEW = Duration.ofSeconds(60);

  /// GitHub takes ten minutes at most, by its own clock.
  private static final Duration LIFE = Duration.ofMinutes(9);

  /// What PKCS#8 says before an RSA key: version 0, the algorithm.
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  private final PrivateKey key;

  private AppKey(PrivateKey key) {
    this.key = key;
  }

  static AppKey read(Path file) {
    try {
      Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (!pem.find()) {
        throw wrong(file, "holds no private key in PEM");
      }
      byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
      return new AppKey(
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(pem.group(1) == null ? der : wrapped(der))));
    } catch (IOException _) {
      throw wrong(file, "cannot be read");
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      // the cause may quote the key
      throw wrong(file, "holds no private RSA key");
    }
  }

  private static InvalidSettingException wrong(Path file, String what) {
    return new InvalidSettingException(
        "slipway.github.app-key-file (GITHUB_APP_KEY_FILE) %s %s".formatted(file, what));
  }

  /// PKCS#8 around PKCS#1.
  private static byte[] wrapped(byte[] bare) {
    var content = new ByteArrayOutputStream();
    content.writeBytes(RSA);
    content.writeBytes(tagged(OCTETS, bare));
    return tagged(SEQUENCE, content.toByteArray());
  }

  private static byte[] tagged(int tag, byte[] content) {
    var all = new ByteArrayOutputStream();
    all.write(tag);
    // always in two bytes, which DER leaves to those who need them and readers take
    all.write(0x82);
    all.write(content.length >> 8);
    all.write(content.length);
    all.writeBytes(content);
    return all.toByteArray();
  }

  /// What the App shows for itself.
  Secret jwt(String appId, Instant now) {
    Instant issued = now.minus(SKEW);
    var jwt =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.RS256),
            new JWTClaimsSet.Builder()
                .issuer(appId)
                .issueTime(Date.from(issued))
                .expirationTime(Date.from(issued.plus(LIFE)))
                .build());
    try {
      jwt.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("an RSA key that does not sign", e);
    }
    return new Secret(jwt.serialize());
  }
}
