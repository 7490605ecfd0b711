package dev.slipway.localgithub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.localgithub.TestGitHub.Answer;
import dev.slipway.localgithub.TestGitHub.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The App, the tokens of its installation, and what they may.
class AppIT {
  @TempDir static Path folder;
  private static TestGitHub github;

  @BeforeAll
  static void start() {
    github = TestGitHub.start(folder);
  }

  @AfterAll
  static void close() {
    github.close();
  }

  private static String jwt(String claims) throws Exception {
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

  private static String claims(long from, long to) {
    long now = Instant.now().getEpochSecond();
    return "{\"iss\":\"1\",\"iat\":%d,\"exp\":%d}".formatted(now + from, now + to);
  }

  @Test
  void aTokenIsForSomeRepositoriesAndPermissionsOnly() throws Exception {
    github.repository("seen");
    github.repository("unseen");
    String jwt = jwt(claims(-60, 480));
    assertThat(github.sendAs(jwt, "GET", "/app", "").is(200).text("/slug"))
        .isEqualTo("slipway-local");
    long id =
        github
            .sendAs(jwt, "GET", "/repos/slipway/seen/installation", "")
            .is(200)
            .json()
            .path("id")
            .asLong();
    Answer issued =
        github
            .sendAs(
                jwt,
                "POST",
                "/app/installations/" + id + "/access_tokens",
                "{\"repositories\":[\"seen\"],\"permissions\":{\"contents\":\"read\"}}")
            .is(201);
    String token = issued.text("/token");

    assertThat(token).matches("ghs_[0-9a-f]{36}");
    assertThat(issued.text("/repositories/0/name")).isEqualTo("seen");
    Answer _ = github.sendAs(token, "GET", "/repos/slipway/seen", "").is(200);
    Answer _ = github.sendAs(token, "GET", "/repos/slipway/unseen", "").is(404);
    assertThat(
            github
                .sendAs(token, "POST", "/repos/slipway/seen/pulls", "{}")
                .is(403)
                .text("/message"))
        .isEqualTo("Resource not accessible by integration");
    Path clone = github.cloned("seen");
    github.commit(clone, "main", "a.txt", "one\n");
    Ended pushed = github.gitWith(token, clone, "push", "origin", "HEAD:main");
    assertThat(pushed.out()).contains("The requested URL returned error: 403");
    assertThat(
            github.gitWith(token, folder, "ls-remote", github.url() + "/slipway/unseen.git").out())
        .contains("Repository not found");
    Answer _ = github.sendAs(token, "DELETE", "/installation/token", "").is(204);
    assertThat(github.sendAs(token, "GET", "/repos/slipway/seen", "").is(401).text("/message"))
        .isEqualTo("Bad credentials");
  }

  @Test
  void aJwtThatGitHubWouldRefuseIsRefusedInItsWords() throws Exception {
    assertThat(app(jwt(claims(0, 700))))
        .isEqualTo("'Expiration time' claim ('exp') is too far in the future");
    assertThat(app(jwt(claims(-700, -60)))).startsWith("'Expiration time' claim ('exp') must be");
    assertThat(app(jwt("{\"iss\":\"1\",\"iat\":\"x\",\"exp\":1}")))
        .startsWith("'Issued at' claim ('iat') must be an Integer");
    assertThat(app(jwt(claims(-60, 480)) + "x")).isEqualTo("A JSON web token could not be decoded");
    assertThat(app(TestGitHub.TOKEN)).isEqualTo("A JSON web token could not be decoded");
  }

  private static String app(String credential) {
    return github.sendAs(credential, "GET", "/app", "").is(401).text("/message");
  }
}
