package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The local GitHub, started as people start it.
@Tag("slow")
class LocalGitHubIT {
  private static final Duration START = Duration.ofMinutes(2);

  private static Slipway slipway;

  /// What every test finds running, and leaves running.
  private static Service server;

  @BeforeAll
  static void start() {
    slipway = Slipway.fresh();
    server = slipway.start("run", "local-github").awaitReady(START);
  }

  @AfterAll
  static void close() {
    slipway.close();
  }

  @Test
  void theUnchangedClientWorksAndEveryAnswerIsAsGitHubDescribesIt() {
    CommandResult report =
        Node.report(
            "github-conformance.mjs",
            Map.of(
                "GITHUB_API_URL", slipway.endpoints().path("github").asString(),
                "GITHUB_TOKEN", slipway.file("github-token"),
                "APP_KEY_FILE", slipway.data().resolve("github/app.pem").toString()),
            120);

    assertThat(report.exited(0).out()).contains(" passed, 0 failed");
  }

  @Test
  void killedItKnowsAllThatItAnswered() {
    Answer _ = send("POST", "/user/repos", "{\"name\":\"kept\",\"auto_init\":true}").is(201);

    server.kill();
    server = slipway.start("run", "local-github").awaitReady(START);

    assertThat(send("GET", "/repos/slipway/kept", "").is(200).json().path("full_name").asString())
        .isEqualTo("slipway/kept");
    assertThat(send("GET", "/repos/slipway/kept/git/ref/heads/main", "").is(200).body())
        .contains("refs/heads/main");
  }

  private static Answer send(String method, String path, String body) {
    return Http.send(
        HttpRequest.newBuilder(URI.create(slipway.endpoints().path("github").asString() + path))
            .header("Authorization", "Bearer " + slipway.file("github-token"))
            .method(method, BodyPublishers.ofString(body))
            .build());
  }
}
