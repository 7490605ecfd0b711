package dev.slipway.standalone.acceptance;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A caller of the API who has tasks.
record Tasks(Api api) {
  static final Duration SOON = Duration.ofMinutes(3);
  private static final String ALL = "/api/v1/tasks";
  private static final JsonMapper JSON = JsonMapper.shared();

  /// A task that begins at once.
  static Map<String, Object> of(String repository, String... commands) {
    return Map.of(
        "title",
        "Say more",
        "repository_url",
        repository,
        "runner",
        Map.of("type", "commands", "commands", List.of(commands)),
        "start",
        true);
  }

  Answer post(String path, Map<String, ?> body) {
    return Http.send(
        api.request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  /// Asks for a task.
  ///
  /// @return its id
  String create(Map<String, ?> body) {
    return post(ALL, body).is(202).json().path("task_id").asString();
  }

  String create(Map<String, ?> body, String key, Object value) {
    var all = new HashMap<String, Object>(body);
    all.put(key, value);
    return create(all);
  }

  Answer ask(String id, String verb) {
    return post(ALL + "/" + id + "/" + verb, Map.of());
  }

  JsonNode get(String id) {
    return api.get(ALL + "/" + id).is(200).json();
  }

  /// The task, once it is in this state.
  JsonNode await(String id, String state) {
    return Awaitility.await("task " + id + " to be " + state)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> get(id), task -> task.path("state").asString().equals(state));
  }

  /// The task, once it is at this step, or further.
  JsonNode awaitStep(String id, String step) {
    return Awaitility.await("task " + id + " to be at " + step)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> get(id), task -> task.path("step").asString("").equals(step));
  }

  String diff(String id) {
    return api.get(ALL + "/" + id + "/diff").is(200).body();
  }
}
