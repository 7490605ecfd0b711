package dev.slipway.standalone;

import dev.slipway.schemas.Ids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The whole story of something, as far as the installation knows it: of a task with its pull
/// request, of a pull request with its task, of a delivery with what came of it.
record Trace(ApiClient api) {
  /// More no timeline is read.
  static final int MOST_ITEMS = 100_000;

  private static final String DELIVERIES = "/api/v1/deliveries/";

  /// What was found.
  ///
  /// @param about in a line
  /// @param items in causal order
  record Story(String about, List<JsonNode> items) {
    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("about", about);
      json.put("items", items);
      return json;
    }
  }

  /// Which of the three it is is told by its form; a UUID is tried as a task, then as a delivery.
  Story of(String word) throws InterruptedException {
    Optional<PullRequestName> pullRequest = PullRequestName.parse(word);
    if (pullRequest.isPresent()) {
      return pullRequest(pullRequest.get());
    }
    if (Ids.UUID_TEXT.matcher(word).matches()) {
      Optional<JsonNode> task = api.find(Tasks.path(word));
      if (task.isPresent()) {
        return task(task.get());
      }
    }
    return delivery(
        api.find(DELIVERIES + Sandboxes.encoded(word))
            .orElseThrow(() -> Tasks.unknown("task or delivery", word)));
  }

  private Story task(JsonNode task) throws InterruptedException {
    String path = Tasks.path(task.path("task_id").asString(""));
    List<JsonNode> items = new ArrayList<>(timeline(path));
    JsonNode number = task.path("pull_request").path("number");
    Optional<PullRequestName> pullRequest =
        PullRequestName.parse(Tasks.repository(task) + "#" + Printer.text(number));
    if (pullRequest.isPresent() && api.find(pullRequest.get().path()).isPresent()) {
      items.addAll(timeline(pullRequest.get().path()));
    }
    return new Story(
        "task %s: %s, %s"
            .formatted(
                task.path("task_id").asString(""),
                task.path("title").asString(""),
                Sandboxes.state(task)),
        CausalOrder.of(items));
  }

  private Story pullRequest(PullRequestName name) throws InterruptedException {
    JsonNode found =
        api.find(name.path()).orElseThrow(() -> Tasks.unknown("pull request", name.toString()));
    String task = found.path("task_id").asString("");
    if (!task.isEmpty()) {
      Optional<JsonNode> of = api.find(Tasks.path(task));
      if (of.isPresent()) {
        return task(of.get());
      }
    }
    return new Story(
        "pull request %s: %s, %s"
            .formatted(name, found.path("title").asString(""), Sandboxes.state(found)),
        CausalOrder.of(timeline(name.path())));
  }

  private Story delivery(JsonNode delivery) throws InterruptedException {
    String task = delivery.path("task_id").asString("");
    Optional<JsonNode> ofTask = task.isEmpty() ? Optional.empty() : api.find(Tasks.path(task));
    if (ofTask.isPresent()) {
      return task(ofTask.get());
    }
    Optional<PullRequestName> name =
        PullRequestName.parse(
            "%s#%s"
                .formatted(
                    Printer.text(delivery.path("repository").path("full_name")),
                    Printer.text(delivery.path("pull_request").path("number"))));
    if (name.isPresent() && api.find(name.get().path()).isPresent()) {
      return pullRequest(name.get());
    }
    return new Story(
        "delivery " + delivery.path("delivery_id").asString(""), List.of(item(delivery)));
  }

  /// A delivery that nothing came of, as timelines have it.
  private static JsonNode item(JsonNode delivery) {
    ObjectNode item = JsonMapper.shared().createObjectNode();
    String action = delivery.path("action").asString("");
    String reason = delivery.path("reason").asString("");
    item.set("at", delivery.path("received_at"));
    item.put("type", delivery.path("event").asString("") + (action.isEmpty() ? "" : "." + action));
    item.put(
        "summary", delivery.path("outcome").asString("") + (reason.isEmpty() ? "" : ": " + reason));
    item.set("actor", delivery.path("sender"));
    item.set("delivery_id", delivery.path("delivery_id"));
    item.putNull("event_id");
    item.putNull("cause_id");
    for (String part : List.of("topic", "partition", "offset")) {
      item.set(part, delivery.path("position").path(part));
    }
    return item;
  }

  private List<JsonNode> timeline(String path) throws InterruptedException {
    return new Pages(api).read(path + "/timeline", Map.of(), MOST_ITEMS);
  }

  static Table table(List<JsonNode> items) {
    Table table = new Table().row("TIME", "TYPE", "SUMMARY", "ACTOR", "POSITION");
    for (JsonNode item : items) {
      table.row(
          Printer.text(item.path("at")),
          Printer.text(item.path("type")),
          Printer.text(item.path("summary")),
          Printer.text(item.path("actor")),
          position(item));
    }
    return table;
  }

  private static String position(JsonNode item) {
    String topic = item.path("topic").asString("-");
    return item.path("offset").isNumber()
        ? "%s/%s@%s"
            .formatted(
                topic, Printer.text(item.path("partition")), Printer.text(item.path("offset")))
        : topic;
  }
}
