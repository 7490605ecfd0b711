package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Slipway's API, as far as it takes tasks.
///
/// @param api of pr-service
/// @param execution that all tasks of this run belong to
record TaskApi(JsonClient api, UUID execution) {
  private static final int ACCEPTED = 202;
  private static final int CONFLICT = 409;

  /// Asks for a task until it is taken, with a key that makes it one however often it is asked for.
  ///
  /// @return its id
  UUID create(PlannedTask task, String repositoryUrl) throws IOException, InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("title", task.title());
    body.put("repository_url", repositoryUrl);
    body.put("runner", Map.of("type", "commands", "commands", commands(task)));
    body.put("execution_id", execution.toString());
    body.put("start", true);
    Map<String, String> key = Map.of("Idempotency-Key", execution + "-" + task.number());
    Answer answer = api.ask("POST", "/api/v1/tasks", body, key);
    while (answer.status() == CONFLICT) { // the first asking is still under way
      answer = api.ask("POST", "/api/v1/tasks", body, key);
    }
    if (answer.status() != ACCEPTED) {
      throw new IOException(
          "task %d is answered %d: %s".formatted(task.number(), answer.status(), answer.json()));
    }
    return UUID.fromString(answer.json().path("task_id").asString());
  }

  private static List<String> commands(PlannedTask task) {
    return List.of(
        "mkdir -p changes",
        "for n in 1 2 3; do echo working $n; sleep 0.3; done",
        "echo '%s' > %s".formatted(task.content().strip(), task.file()));
  }

  /// Whether it is taken: a task that has ended is not cancelled any more.
  boolean cancel(UUID task) throws IOException, InterruptedException {
    Map<String, String> key = Map.of("Idempotency-Key", "cancel-" + task);
    Answer answer = api.ask("POST", "/api/v1/tasks/%s/cancel".formatted(task), Map.of(), key);
    return answer.status() == ACCEPTED || state(task).equals(Fate.CANCEL.state());
  }

  String state(UUID task) throws IOException, InterruptedException {
    return api.get("/api/v1/tasks/" + task).json().path("state").asString("");
  }

  /// How many tasks are in which state; `total` is not there before the first one.
  JsonNode counts() throws IOException, InterruptedException {
    return api.get("/api/v1/executions/" + execution).json().path("tasks");
  }

  /// All tasks of this run.
  List<JsonNode> all() throws IOException, InterruptedException {
    return list("/api/v1/tasks", "&execution_id=" + execution);
  }

  /// All items of a list.
  ///
  /// @param filters each with `&` before it
  List<JsonNode> list(String path, String filters) throws IOException, InterruptedException {
    List<JsonNode> items = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      String after = cursor.get().isEmpty() ? "" : "&cursor=" + cursor.get();
      JsonNode page = api.require(200, "GET", path + "?limit=200" + filters + after, null);
      page.path("items").forEach(items::add);
      cursor = page.path("next_cursor").stringValueOpt();
    }
    return items;
  }
}
