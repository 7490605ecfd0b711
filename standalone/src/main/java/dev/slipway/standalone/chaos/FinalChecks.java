package dev.slipway.standalone.chaos;

import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is looked at behind the tasks: branches, sandboxes, webhooks, topics, rows.
///
/// @param workers Slipway's API of sandboxes
/// @param provider the sandboxes' own
record FinalChecks(
    Installation installation,
    TaskApi tasks,
    JsonClient workers,
    JsonClient provider,
    Courier courier,
    AtomicLong records) {
  private static final Set<String> ENDED_TASKS = Set.of("DONE", "CLOSED", "FAILED", "CANCELLED");
  private static final Set<String> ENDED_SANDBOXES = Set.of("TERMINATED", "FAILED");
  private static final List<String> SERVICES_WITH_STAGES = List.of("pr-service", "sandbox-worker");

  /// Each pull request changes what its task's work was, and nothing else.
  static Check changes(Seen seen, GitHubSide gitHub) throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<UUID, List<JsonNode>> pulls : seen.pulls().entrySet()) {
      PlannedTask task = seen.work().find(pulls.getKey()).orElse(null);
      if (task == null) {
        wrong.add("a pull request of task %s, which nobody asked for".formatted(pulls.getKey()));
        continue;
      }
      String repository = seen.work().repositoryOf(task).name();
      for (JsonNode pull : pulls.getValue()) {
        long number = pull.path("number").asLong();
        List<JsonNode> files = gitHub.files(repository, number);
        if (!isWorkOf(task, files)) {
          wrong.add("%s#%d changes %s".formatted(repository, number, files));
        }
      }
    }
    return new Check("each branch holds its task's change", wrong);
  }

  static boolean isWorkOf(PlannedTask task, List<JsonNode> files) {
    return files.size() == 1
        && files.getFirst().path("filename").asString("").equals(task.file())
        && files.getFirst().path("status").asString("").equals("added")
        && files.getFirst().path("additions").asInt() == 1
        && files.getFirst().path("patch").asString("").contains("+" + task.content().strip());
  }

  /// No sandbox runs that Slipway does not know, and none for a task that has ended.
  Check sandboxes(Seen seen) throws IOException, InterruptedException {
    List<JsonNode> rows = new TaskApi(workers, tasks.execution()).list("/api/v1/sandboxes", "");
    List<JsonNode> running = new ArrayList<>();
    provider.require(200, "GET", "/sandboxes", null).forEach(running::add);
    return new Check("no sandbox unowned", unowned(seen, rows, running));
  }

  static List<String> unowned(Seen seen, List<JsonNode> rows, List<JsonNode> running) {
    List<String> wrong = new ArrayList<>();
    Set<String> owned = new HashSet<>();
    for (JsonNode row : rows) {
      if (ENDED_SANDBOXES.contains(row.path("state").asString(""))) {
        continue;
      }
      boolean _ = owned.add(row.path("external_id").asString(""));
      String task = row.at("/context/task_id").asString("");
      if (task.isEmpty() || ENDED_TASKS.contains(seen.state(UUID.fromString(task)))) {
        wrong.add(
            "sandbox %s is %s, its task %s has ended"
                .formatted(
                    row.path("sandbox_id").asString(""), row.path("state").asString(""), task));
      }
    }
    for (JsonNode box : running) {
      String id = box.path("sandboxID").asString("");
      if (!owned.contains(id)) {
        wrong.add("%s runs at the provider and is nobody's".formatted(id));
      }
    }
    return wrong;
  }

  /// What the ingress accepted is listed.
  Check deliveries() throws IOException, InterruptedException {
    Set<String> lost = new HashSet<>(courier.accepted().keySet());
    tasks
        .list("/api/v1/deliveries", "")
        .forEach(delivery -> lost.remove(delivery.path("delivery_id").asString("")));
    List<String> wrong =
        new ArrayList<>(lost.stream().map(id -> "delivery " + id + " is not listed").toList());
    if (courier.refused() > 0) {
      wrong.add("%d deliveries were refused".formatted(courier.refused()));
    }
    return new Check("each accepted delivery listed", wrong);
  }

  /// Each `ce_id` stands once in its topic. A delivery may stand there as often as it was brought;
  /// a dead letter may stand twice.
  Check eachIdOnce() {
    List<String> wrong = new ArrayList<>();
    TopicReader reader = new TopicReader(installation.kafkaClient());
    Map<String, Integer> brought = courier.brought();
    for (Topic topic : Topics.all()) {
      boolean isOfDeliveries = topic.equals(Topics.GITHUB_DELIVERIES);
      Map<String, Integer> ids = reader.ids(topic.name());
      ids.forEach((id, times) -> {
        long _ = records.addAndGet(times);
        int most = isOfDeliveries ? Math.max(1, brought.getOrDefault(id, 1)) : 1;
        if (times > most) {
          wrong.add("%s %d times in %s".formatted(id, times, topic.name()));
        }
      });
      if (topic.name().endsWith(".dlt") && !ids.isEmpty()) {
        wrong.add("%d dead letters in %s".formatted(ids.size(), topic.name()));
      }
    }
    return new Check("each ce_id once", wrong);
  }

  /// Rows are what a fold of the log from its beginning comes to.
  Check rebuilds() throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    for (String service : SERVICES_WITH_STAGES) {
      Installation.Called called =
          installation.call("rebuild", "--stage", service, "--verify", "--json", "--quiet");
      if (called.status() != 0 || !isEqual(called.printed())) {
        wrong.add("%s: status %d, %s".formatted(service, called.status(), called.printed()));
      }
    }
    return new Check("rebuild --verify 0 differences", wrong);
  }

  private static boolean isEqual(String printed) {
    try {
      JsonNode report = JsonMapper.shared().readTree(printed);
      return report.path("equal").asBoolean(false) && !report.path("rebuilds").isEmpty();
    } catch (JacksonException _) {
      return false;
    }
  }

  /// What was never killed never ended.
  Check processes() {
    String ended = installation.unexpectedEnds();
    return new Check("no process ended by itself", ended.isEmpty() ? List.of() : List.of(ended));
  }
}
