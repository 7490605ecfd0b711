package dev.slipway.benchmarks.task;

import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.StreamReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A caller of the API of tasks, who hears of their steps.
final class TaskClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Set<String> UNSETTLED = Set.of("TODO", "IN_PROGRESS");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI installation;
  private final String token;
  private final UUID execution;
  private final StreamReader events;
  private final Steps steps;

  /// The step at which a task is, and since when.
  private final Map<String, Since> now = new ConcurrentHashMap<>();

  private record Since(String step, Instant at) {}

  private TaskClient(
      URI installation, String token, UUID execution, StreamReader events, Steps steps) {
    this.installation = installation;
    this.token = token;
    this.execution = execution;
    this.events = events;
    this.steps = steps;
  }

  /// @param execution of all its tasks
  /// @param steps told how long each took
  static TaskClient of(SlipwayParts slipway, UUID execution, Steps steps)
      throws IOException, InterruptedException {
    URI installation = slipway.url("slipway");
    String token = slipway.secret("token");
    StreamReader events =
        StreamReader.open(installation.resolve("/api/v1/events?execution_id=" + execution), token);
    TaskClient made = new TaskClient(installation, token, execution, events, steps);
    events.tell((json, _) -> made.heard(json));
    return made;
  }

  /// Has a task done, until it is in review; then has what it left cleared away.
  ///
  /// @return how long it took until then
  Duration once(String repository, String command) throws IOException, InterruptedException {
    Map<String, Object> body =
        Map.of(
            "title",
            "Add a file",
            "repository_url",
            repository,
            "runner",
            Map.of("type", "commands", "commands", List.of(command)),
            "execution_id",
            execution.toString(),
            "start",
            true);
    long began = System.nanoTime();
    JsonNode task = send("POST", "/api/v1/tasks", body);
    String path = "/api/v1/tasks/" + task.path("task_id").asString();
    while (UNSETTLED.contains(task.path("state").asString(""))
        && System.nanoTime() - began < PATIENCE.toNanos()) {
      task = send("GET", path, null);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    if (!task.path("state").asString("").equals("IN_REVIEW")) {
      throw new IOException("a task is not done: " + task);
    }
    JsonNode _ = send("POST", path + "/cancel", Map.of());
    events.check();
    return took;
  }

  private JsonNode send(String method, String path, @Nullable Map<String, ?> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(installation.resolve(path))
            .timeout(LIMIT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=120")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          "%s %s is answered %d: %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return JSON.readTree(answer.body());
  }

  /// A step lasts until the next event of its task.
  private void heard(String line) {
    JsonNode event = JSON.readTree(line.substring(line.indexOf('{')));
    String task = event.at("/data/task_id").asString("");
    if (!event.path("type").asString("").startsWith("task.") || task.isEmpty()) {
      return;
    }
    Instant at = Instant.parse(event.path("time").asString());
    Since before = now.put(task, new Since(event.at("/data/step").asString(""), at));
    if (before != null) {
      steps.add(before.step, Duration.between(before.at, at).toNanos() / 1e6);
    }
  }

  @Override
  public void close() {
    events.close();
    client.close();
  }
}
