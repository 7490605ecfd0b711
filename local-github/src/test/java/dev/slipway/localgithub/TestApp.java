package dev.slipway.localgithub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/// Who holds the key of the App.
final class TestApp {
  private TestApp() {}

  static String jwt(Path folder, String claims) throws IOException, GeneralSecurityException {
    String pem = Files.readString(folder.resolve("github/app.pem"));
    byte[] bare =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----(BEGIN|END) RSA PRIVATE KEY-----", ""));
    byte[] head =
        HexFormat.of()
            .parseHex(
                "3082%04x020100300d06092a864886f70d01010105000482%04x"
                    .formatted(bare.length + 22, bare.length));
    byte[] wrapped = new byte[head.length + bare.length];
    System.arraycopy(head, 0, wrapped, 0, head.length);
    System.arraycopy(bare, 0, wrapped, head.length, bare.length);
    PrivateKey key =
        KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(wrapped));
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String signed =
        base64.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
            + "."
            + base64.encodeToString(claims.getBytes(UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(signed.getBytes(UTF_8));
    return signed + "." + base64.encodeToString(signature.sign());
  }

  /// @param from seconds from now
  /// @param to seconds from now
  static String claims(long from, long to) {
    long now = Instant.now().getEpochSecond();
    return "{\"iss\":\"1\",\"iat\":%d,\"exp\":%d}".formatted(now + from, now + to);
  }

  /// A token of the installation.
  ///
  /// @param permissions the fields of a JSON object
  static String token(TestGitHub github, Path folder, String permissions)
      throws IOException, GeneralSecurityException {
    return github
        .sendAs(
            jwt(folder, claims(-60, 480)),
            "POST",
            "/app/installations/1/access_tokens",
            "{\"permissions\":{" + permissions + "}}")
        .is(201)
        .text("/token");
  }
}
