package dev.slipway.sandbox.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.web.security.Scope;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A service that was given no provider of sandboxes.
@Timeout(60)
class MissingProviderIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static TestSandboxWorker service;

  @BeforeAll
  static void start() {
    service =
        TestSandboxWorker.start(
            SandboxWorkerConfiguration.class,
            "--slipway.sandbox.care=50ms",
            "--slipway.sandbox.unavailable=There is no bwrap: install it.");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aSandboxThatIsAskedForFailsAtOnceWithTheRemedy() {
    JsonNode asked = json(client().post().uri("/api/v1/sandboxes").bodyValue(Map.of()).exchange());
    String path = "/api/v1/sandboxes/" + asked.get("sandbox_id").asString();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(path).get("state").asString(), "FAILED"::equals);

    JsonNode sandbox = get(path);
    assertThat(sandbox.get("kill_reason").asString()).isEqualTo("start_failed");
    assertThat(sandbox.get("failure").get("code").asString()).isEqualTo("unavailable");
    assertThat(sandbox.get("failure").get("message").asString())
        .isEqualTo("There is no bwrap: install it.");
    assertThat(sandbox.get("failure").get("retryable").asBoolean()).isFalse();
  }

  private static JsonNode get(String path) {
    return json(client().get().uri(path).exchange());
  }

  private static JsonNode json(WebTestClient.ResponseSpec response) {
    byte @Nullable [] body = response.expectBody().returnResult().getResponseBody();
    return JSON.readTree(body == null ? new byte[0] : body);
  }

  private static WebTestClient client() {
    return service.as("default", Scope.SANDBOXES);
  }
}
