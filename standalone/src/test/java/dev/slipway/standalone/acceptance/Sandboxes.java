package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A caller of the API who has sandboxes.
record Sandboxes(Api api) {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String ALL = "/api/v1/sandboxes";
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Asks for something.
  private Answer post(String path, Map<String, ?> body, String header, String value) {
    return Http.send(
        api.request(path)
            .timeout(SOON)
            .header("Content-Type", "application/json")
            .header(header, value)
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  /// Asks something of one of them.
  Answer ask(String id, String verb, Map<String, ?> body) {
    return ask(id, verb, body, UUID.randomUUID().toString());
  }

  /// Asks something of one of them, as often as one likes under one idempotency key.
  Answer ask(String id, String verb, Map<String, ?> body, String key) {
    return post(ALL + "/" + id + "/" + verb, body, "Idempotency-Key", key);
  }

  /// Makes one that runs.
  ///
  /// @return its id
  String create(Map<String, ?> body) {
    return post(ALL, body, "Prefer", "wait=80").is(201).json().path("sandbox_id").asString();
  }

  JsonNode get(String id) {
    return api.get(ALL + "/" + id).is(200).json();
  }

  /// The sandbox, once it is in this state.
  JsonNode awaitState(String id, String state) {
    return await("sandbox " + id + " to be " + state)
        .atMost(SOON)
        .until(() -> get(id), sandbox -> sandbox.path("state").asString().equals(state));
  }

  /// Asks for a command.
  ///
  /// @return its operation
  String begin(String id, Map<String, ?> command) {
    return ask(id, "commands", command).is(202).json().path("operation_id").asString();
  }

  String begin(String id, String command) {
    return begin(id, Map.of("command", command));
  }

  JsonNode operation(String operation) {
    return api.get("/api/v1/operations/" + operation).is(200).json();
  }

  JsonNode awaitEnd(String operation) {
    return await("the end of " + operation)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> operation(operation), it -> it.path("finished_at").isString());
  }

  /// What a command has printed so far; of one that has ended all of it.
  String output(String operation, String stream) {
    return api.get("/api/v1/operations/" + operation + "/output?stream=" + stream).is(200).body();
  }

  void awaitOutput(String operation, String text) {
    await(text + " of " + operation)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> output(operation, "stdout").contains(text));
  }

  /// Runs a command to its end, which is a success.
  ///
  /// @return what it printed
  String run(String id, Map<String, ?> command) {
    JsonNode ended =
        post(ALL + "/" + id + "/commands", command, "Prefer", "wait=80").is(200).json();
    String operation = ended.path("operation_id").asString();
    assertThat(ended.path("state").asString()).as("%s", ended).isEqualTo("SUCCEEDED");
    return output(operation, "stdout");
  }

  String run(String id, String command) {
    return run(id, Map.of("command", command));
  }

  Answer put(String id, String path, String content) {
    return Http.send(
        api.request(ALL + "/" + id + "/files?path=" + path)
            .timeout(SOON)
            .PUT(BodyPublishers.ofString(content))
            .build());
  }

  String file(String id, String path) {
    return api.get(ALL + "/" + id + "/files?path=" + path).is(200).body();
  }

  /// Asks for its end; that it has ended is another matter.
  Answer end(String id) {
    return Http.send(api.request(ALL + "/" + id).timeout(SOON).DELETE().build());
  }
}
