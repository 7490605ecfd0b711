package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The whole installation and what runs its sandboxes, each a process that is killed without the
/// other.
@Tag("slow")
class KilledInstallationIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int LINES = Integer.getInteger("slipway.killed.lines", 100);

  /// A sandbox's life; what ten lines a second take, twice.
  private static final Duration LIFE = SOON.plusMillis(200L * LINES);

  private static final String COUNTED =
      IntStream.rangeClosed(1, LINES)
          .mapToObj(i -> "line " + i + "\n")
          .collect(Collectors.joining());

  private static Slipway slipway;
  private static String url;
  private static Service sandboxes;
  private static Service installation;

  @BeforeAll
  static void start() {
    slipway =
        Slipway.fresh().with("SLIPWAY_SANDBOX_CARE", "1s").with("SLIPWAY_SANDBOX_ORPHANAGE", "20s");
    sandboxes = slipway.localE2b();
    url = slipway.endpoints().path("e2b").asString();
    slipway
        .with("E2B_API_URL", url)
        .with("E2B_SANDBOX_URL", url)
        .with("E2B_API_KEY", slipway.file("e2b-api-key"));
    installation = slipway.up();
  }

  @AfterAll
  static void close() {
    slipway.close();
  }

  @Test
  void killedAmidACommandItGoesOnWhereItWasAndTheCommandRanOnce() {
    String sandbox = create();
    String cursor =
        slipway
            .api()
            .get("/api/v1/sandboxes/" + sandbox)
            .is(200)
            .header("slipway-cursor")
            .orElseThrow();
    String operation =
        run(
            sandbox,
            "echo run >> runs; for i in $(seq 1 %d); do echo line $i; sleep 0.1; done"
                .formatted(LINES));
    await().atMost(SOON).until(() -> output(operation).contains("line 10\n"));

    installation.kill();
    installation = slipway.up();

    assertThat(ended(operation).path("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(ended(operation).path("result").path("stdout_bytes").asInt())
        .isEqualTo(COUNTED.length());
    assertThat(output(operation)).isEqualTo(COUNTED);
    assertThat(printed(sandbox, "cat runs")).isEqualTo("run\n");
    assertCompletedLast(sandbox, cursor, operation);
    assertNothingIsUnowned();
  }

  @Test
  void whenItsSandboxesAreKilledACommandIsLostAndNotBegunAgain() {
    String sandbox = create();
    String operation = run(sandbox, "echo begun; sleep 3600");
    await().atMost(SOON).until(() -> output(operation).equals("begun\n"));

    sandboxes.kill();
    sandboxes = slipway.localE2b();

    JsonNode ended = ended(operation);
    assertThat(ended.path("failure").path("code").asString()).isEqualTo("sandbox_lost");
    await().atMost(SOON).until(() -> state(sandbox), "TERMINATED"::equals);
    assertThat(provider("/_slipway/calls").path("POST /v2/sandboxes").asInt()).isZero();
    assertNothingIsUnowned();
  }

  private static String create() {
    Answer made =
        Http.send(
            asking("/api/v1/sandboxes", "{\"timeout_seconds\": %d}".formatted(LIFE.toSeconds()))
                .header("Prefer", "wait=60")
                .build());
    assertThat(made.json().path("state").asString()).as("%s", made.body()).isEqualTo("RUNNING");
    return made.json().path("sandbox_id").asString();
  }

  private static String run(String sandbox, String command) {
    String path = "/api/v1/sandboxes/%s/commands".formatted(sandbox);
    String body =
        "{\"command\": \"%s\", \"timeout_seconds\": %d}".formatted(command, LIFE.toSeconds());
    return Http.send(asking(path, body).build()).is(202).json().path("operation_id").asString();
  }

  private static HttpRequest.Builder asking(String path, String body) {
    return slipway
        .api()
        .request(path)
        .timeout(SOON)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private static String printed(String sandbox, String command) {
    String operation = run(sandbox, command);
    assertThat(ended(operation).path("state").asString()).isEqualTo("SUCCEEDED");
    return output(operation);
  }

  private static JsonNode ended(String operation) {
    String path = "/api/v1/operations/" + operation;
    return await()
        .atMost(LIFE)
        .until(
            () -> slipway.api().get(path).is(200).json(),
            found -> !found.path("finished_at").isNull());
  }

  private static String output(String operation) {
    return slipway.api().get("/api/v1/operations/%s/output".formatted(operation)).is(200).body();
  }

  private static String state(String sandbox) {
    return slipway
        .api()
        .get("/api/v1/sandboxes/" + sandbox)
        .is(200)
        .json()
        .path("state")
        .asString();
  }

  /// What a client sees that resumes from before the command; whatever came late would come before
  /// the end of the next one.
  private static void assertCompletedLast(String sandbox, String cursor, String operation) {
    String query = "sandbox_id=%s&last_event_id=%s".formatted(sandbox, cursor);
    String next = run(sandbox, "true");
    try (EventStream stream = EventStream.of(slipway.api(), query)) {
      List<JsonNode> seen = new ArrayList<>();
      await()
          .atMost(SOON)
          .until(() -> {
            seen.clear();
            seen.addAll(stream.await(1, SOON));
            return seen.stream().anyMatch(event -> is(event, "command.completed", next));
          });
      List<String> ofCommand =
          seen.stream()
              .filter(event -> operation.equals(operationOf(event)))
              .map(event -> event.path("type").asString())
              .filter(type -> type.startsWith("command."))
              .toList();
      assertThat(ofCommand).startsWith("command.started").endsWith("command.completed");
      assertThat(ofCommand).containsOnlyOnce("command.completed").contains("command.output");
    }
  }

  private static boolean is(JsonNode event, String type, String operation) {
    return event.path("type").asString().equals(type) && operation.equals(operationOf(event));
  }

  private static String operationOf(JsonNode event) {
    return event.path("data").path("operation_id").asString("");
  }

  /// After two sweeps all that the provider has is a sandbox's that runs.
  private static void assertNothingIsUnowned() {
    await()
        .atMost(SOON)
        .until(() -> {
          List<String> there =
              provider("/v2/sandboxes")
                  .valueStream()
                  .map(one -> one.path("sandboxID").asString())
                  .sorted()
                  .toList();
          List<String> ours =
              slipway.api().list("/api/v1/sandboxes?state=RUNNING").stream()
                  .map(one -> one.path("external_id").asString())
                  .sorted()
                  .toList();
          return there.equals(ours);
        });
  }

  private static JsonNode provider(String path) {
    return Http.send(
            HttpRequest.newBuilder(URI.create(url + path))
                .header("X-API-KEY", slipway.file("e2b-api-key"))
                .build())
        .is(200)
        .json();
  }
}
