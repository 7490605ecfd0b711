package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.SharedSandboxWorker.PATIENCE;
import static dev.slipway.sandbox.SharedSandboxWorker.as;
import static dev.slipway.sandbox.SharedSandboxWorker.body;
import static dev.slipway.sandbox.SharedSandboxWorker.createSandbox;
import static dev.slipway.sandbox.SharedSandboxWorker.get;
import static dev.slipway.sandbox.SharedSandboxWorker.idOf;
import static dev.slipway.sandbox.SharedSandboxWorker.leased;
import static dev.slipway.sandbox.SharedSandboxWorker.post;
import static dev.slipway.sandbox.SharedSandboxWorker.problem;
import static dev.slipway.sandbox.SharedSandboxWorker.run;
import static dev.slipway.sandbox.SharedSandboxWorker.service;
import static dev.slipway.sandbox.SharedSandboxWorker.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.schemas.Ids;
import dev.slipway.web.security.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/// What requests about sandboxes may say, and how they are answered.
class SandboxRequestsIT {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"template\":\"\"} | template",
        "{\"timeout_seconds\":86401} | timeout_seconds",
        "{\"timeout_seconds\":\"5\"} | timeout_seconds",
        "{\"metadata\":{\"a\":null}} | metadata",
        "{\"metadata\":{\"a\":1}} | metadata.a",
        "{\"network\":\"some\"} | network",
        "{\"network\":[\"a b\"]} | network",
        "{\"repository_url\":\"file:///etc\"} | repository_url",
        "{\"name\":\"Not A Label\"} | name",
        "{\"session_id\":\"1-1-1-1-1\"} | session_id",
        "{\"environment\":{\"A\":\"secret://env/PATH\"}} | environment.A",
        "{\"environment\":{\"A\":\"secret://file/theirs\"}} | environment.A",
        "{\"user_id\":\"bob\"} | user_id",
      })
  void aSandboxThatMayNotBeIsInvalid(String body, String field) {
    service().secret("other", "theirs", "theirs");

    problem(post("invalid", "/api/v1/sandboxes", body), 422, "invalid")
        .jsonPath("$.errors[0].field")
        .isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | command",
        "{\"command\":\"a\",\"argv\":[\"a\"]} | command",
        "{\"argv\":[]} | argv",
        "{\"argv\":[null]} | argv",
        "{\"command\":\"a\",\"cwd\":\"tmp\"} | cwd",
        "{\"command\":\"a\",\"environment\":{\"A\":\"secret://file/none\"}} | environment.A",
      })
  void aCommandThatMayNotBeIsInvalid(String body, String field) {
    String id = createSandbox("invalid", "{}");

    problem(post("invalid", "/api/v1/sandboxes/" + id + "/commands", body), 422, "invalid")
        .jsonPath("$.errors[0].field")
        .isEqualTo(field);
  }

  @Test
  void whoPrefersToWaitIsAnsweredWhenItIsSettled() {
    var worker =
        Thread.ofVirtual()
            .start(() -> {
              String id =
                  await().atMost(PATIENCE).until(() -> newest("waits"), Optional::isPresent).get();
              LeasedOperation creation = leased(id, "create_sandbox");
              succeed(creation, new SandboxInput.Created(creation.id(), "e2b", "ext-waits"), id);
            });

    as("waits")
        .post()
        .uri("/api/v1/sandboxes")
        .header("Prefer", "wait=15")
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{}")
        .exchange()
        .expectStatus()
        .isCreated()
        .expectHeader()
        .exists("Location")
        .expectBody()
        .jsonPath("$.state")
        .isEqualTo("RUNNING");
    assertThat(worker.isAlive()).isFalse();
    String id = newest("waits").orElseThrow();
    as("waits")
        .post()
        .uri("/api/v1/sandboxes/" + id + "/pause")
        .header("Prefer", "wait=1")
        .exchange()
        .expectStatus()
        .isAccepted()
        .expectBody()
        .jsonPath("$.state")
        .isEqualTo("QUEUED");
  }

  private static Optional<String> newest(String tenant) {
    List<String> ids =
        JsonPath.read(body(tenant, "/api/v1/sandboxes?limit=1"), "$.items[*].sandbox_id");
    return ids.stream().findFirst();
  }

  @Test
  void whoReadsMayWaitToo() {
    String id = createSandbox("reads", "{}");
    var worker =
        Thread.ofVirtual()
            .start(() -> {
              LeasedOperation creation = leased(id, "create_sandbox");
              succeed(creation, new SandboxInput.Created(creation.id(), "e2b", "ext-reads"), id);
            });

    waiting("/api/v1/sandboxes/" + id, 15).jsonPath("$.state").isEqualTo("RUNNING");

    assertThat(worker.isAlive()).isFalse();
    String command = run("reads", id, "{\"command\":\"sleep 9\",\"timeout_seconds\":60}");
    var _ = leased(id, "run_command");
    String started = JsonPath.read(body("reads", "/api/v1/operations/" + command), "$.started_at");
    waiting("/api/v1/operations/" + command, 1)
        .jsonPath("$.state")
        .isEqualTo("RUNNING")
        .jsonPath("$.deadline_at")
        .isEqualTo(Instant.parse(started).plusSeconds(60).toString());
  }

  private static WebTestClient.BodyContentSpec waiting(String path, int seconds) {
    return as("reads")
        .get()
        .uri(path)
        .header("Prefer", "wait=" + seconds)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody();
  }

  @Test
  void aRepetitionUnderItsKeyIsTheSameSandbox() {
    String first = keyed("keys", "k1", "{\"name\":\"keyed\"}");

    assertThat(keyed("keys", "k1", "{\"name\":\"keyed\"}")).isEqualTo(first);
    get("keys", "/api/v1/sandboxes").jsonPath("$.items.length()").isEqualTo(1);
  }

  private static String keyed(String tenant, String key, String body) {
    return idOf(
        as(tenant)
            .post()
            .uri("/api/v1/sandboxes")
            .header("Idempotency-Key", key)
            .contentType(MediaType.APPLICATION_JSON)
            .bodyValue(body)
            .exchange(),
        "$.sandbox_id");
  }

  @Test
  void listsAreFilteredAndPaged() {
    UUID task = Ids.fresh();
    String one =
        createSandbox(
            "lists",
            "{\"name\":\"one\",\"metadata\":{\"team\":\"a\",\"x.y\":\"1\"},\"task_id\":\"%s\"}"
                .formatted(task));
    String two =
        createSandbox(
            "lists",
            "{\"template\":\"python\",\"repository_url\":\"https://GitHub.com/Acme/Site.git/\"}");

    assertListed("", two, one);
    assertListed("?state=REQUESTED", two, one);
    assertListed("?state=RUNNING");
    assertListed("?name=one", one);
    assertListed("?template=python", two);
    assertListed("?task_id=" + task, one);
    assertListed("?session_id=" + task);
    assertListed("?repository=acme/site", two);
    assertListed("?repository=https://github.com/Acme/Site", two);
    assertListed("?metadata.team=a", one);
    assertListed("?metadata.x.y=1", one);
    assertListed("?metadata.team=a&metadata.x.y=2");
    String cursor = JsonPath.read(body("lists", "/api/v1/sandboxes?limit=1"), "$.next_cursor");
    assertListed("?limit=1&cursor=" + cursor, one);
  }

  private static void assertListed(String query, String... ids) {
    List<String> listed =
        JsonPath.read(body("lists", "/api/v1/sandboxes" + query), "$.items[*].sandbox_id");
    assertThat(listed).containsExactly(ids);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=NONE",
        "state=x",
        "team=a",
        "metadata=a",
        "task_id=1",
        "cursor=x",
        "limit=201",
        "name=%00"
      })
  void anUnknownFilterIsInvalid(String query) {
    problem(
        as("lists")
            .get()
            .uri("/api/v1/sandboxes?" + query.replace("%00", "{nul}"), "\0")
            .exchange(),
        422,
        "invalid");
  }

  @Test
  void routesAskForTheirScope() {
    service()
        .as("scopes", Scope.TASKS)
        .get()
        .uri("/api/v1/sandboxes")
        .exchange()
        .expectStatus()
        .isForbidden();
    service()
        .as("scopes", Scope.TASKS)
        .get()
        .uri("/api/v1/operations/" + Ids.fresh())
        .exchange()
        .expectStatus()
        .isForbidden();
    problem(as("scopes").get().uri("/api/v1/sandboxes/1-1-1-1-1").exchange(), 400, "malformed");
  }
}
