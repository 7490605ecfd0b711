package dev.slipway.localgithub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.localgithub.TestGitHub.Answer;
import dev.slipway.localgithub.TestGitHub.Ended;
import java.nio.file.Path;
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

  @Test
  void aTokenIsForSomeRepositoriesAndPermissionsOnly() throws Exception {
    github.repository("seen");
    github.repository("unseen");
    String jwt = TestApp.jwt(folder, TestApp.claims(-60, 480));
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
    assertThat(app(TestApp.jwt(folder, TestApp.claims(0, 700))))
        .isEqualTo("'Expiration time' claim ('exp') is too far in the future");
    assertThat(app(TestApp.jwt(folder, TestApp.claims(-700, -60))))
        .startsWith("'Expiration time' claim ('exp') must be");
    assertThat(app(TestApp.jwt(folder, "{\"iss\":\"1\",\"iat\":\"x\",\"exp\":1}")))
        .startsWith("'Issued at' claim ('iat') must be an Integer");
    assertThat(app(TestApp.jwt(folder, TestApp.claims(-60, 480)) + "x"))
        .isEqualTo("A JSON web token could not be decoded");
    assertThat(app(TestGitHub.TOKEN)).isEqualTo("A JSON web token could not be decoded");
  }

  private static String app(String credential) {
    return github.sendAs(credential, "GET", "/app", "").is(401).text("/message");
  }
}
