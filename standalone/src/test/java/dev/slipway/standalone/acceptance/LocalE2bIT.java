package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The local E2B server, started as people start it.
@Tag("slow")
class LocalE2bIT {
  private static final int CASES_AT_LEAST = 70;
  private static final Duration STOP = Duration.ofSeconds(30);

  private static Slipway slipway;

  /// What every test finds running, and leaves running.
  private static Service server;

  @BeforeAll
  static void start() {
    slipway = Slipway.fresh();
    server = slipway.localE2b();
  }

  @AfterAll
  static void close() {
    slipway.close();
  }

  @Test
  void theUnchangedSdkFindsEverythingThatItReliesOn() {
    CommandResult report =
        Node.report(
            "e2b-conformance.mjs",
            Map.of(
                "E2B_API_URL", url(),
                "E2B_SANDBOX_URL", url(),
                "E2B_API_KEY", slipway.file("e2b-api-key")),
            240);

    assertThat(report.exited(0).out()).contains(" passed, 0 failed");
    for (int area : IntStream.rangeClosed(1, 12).toArray()) {
      assertThat(report.out()).containsPattern("(?m)^ok +" + area + "\\.");
    }
    assertThat(report.out().lines().filter(line -> line.startsWith("ok")).count())
        .isGreaterThanOrEqualTo(CASES_AT_LEAST);
  }

  @Test
  void whatIsRefusedOnDemandIsCountedAllTheSame() {
    String rules =
        """
        {"rules":[{"match":"GET /sandboxes/*","kind":"refuse","status":503,"times":1}]}
        """;
    send("PUT", "/_slipway/faults", rules).is(204);

    send("GET", "/sandboxes/inosuch", "").is(503);
    send("GET", "/sandboxes/inosuch", "").is(404);

    assertThat(
            send("GET", "/_slipway/calls", "").is(200).json().path("GET /sandboxes/{id}").asInt())
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void killedOrToldToEndItLeavesNoSandboxAndStartsAgain() {
    send("POST", "/v2/sandboxes", "{\"templateID\":\"base\"}").is(201);

    server.kill();
    await("its sandboxes to end").atMost(STOP).until(() -> slipway.processes().isEmpty());
    server = slipway.localE2b();
    assertThat(send("GET", "/v2/sandboxes", "").is(200).body()).isEqualTo("[]");

    send("POST", "/v2/sandboxes", "{\"templateID\":\"base\"}").is(201);
    server.terminate();
    int _ = server.awaitExit(STOP);
    await("its sandboxes to end").atMost(STOP).until(() -> slipway.processes().isEmpty());
    server = slipway.localE2b();
    assertThat(slipway.data().resolve("sandboxes")).isDirectory();
  }

  private static String url() {
    return slipway.endpoints().path("e2b").asString();
  }

  private static Answer send(String method, String path, String body) {
    return Http.send(
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("X-API-KEY", slipway.file("e2b-api-key"))
            .method(method, BodyPublishers.ofString(body))
            .build());
  }
}
