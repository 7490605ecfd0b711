package dev.slipway.standalone;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks on while a task, or those of an execution, are worked at. What happens while the
/// connection is away is shown when it is back.
final class Watching implements EventStream.Listener {
  private static final int MOST_TASKS = 100_000;

  private final ApiClient api;
  private final GlobalOptions options;
  private final Screen screen;
  private final Progress progress;
  private final boolean untilReview;

  // CONFINED: to the thread that watches, as all that follow
  private final Map<String, String> states = new LinkedHashMap<>();
  private final Map<String, Long> versions = new LinkedHashMap<>();
  private final Map<String, TaskStory> stories = new LinkedHashMap<>();
  private boolean many;
  private boolean stale;

  /// @param untilReview whether a task in review is enough
  Watching(
      ApiClient api, GlobalOptions options, Screen screen, PrintWriter err, boolean untilReview) {
    this.api = api;
    this.options = options;
    this.screen = screen;
    this.progress = new Progress(err, options.quiet);
    this.untilReview = untilReview;
  }

  /// What is read before its events are listened to.
  @FunctionalInterface
  private interface Snapshot {
    /// @return where events go on
    String read() throws InterruptedException;
  }

  /// Watches one task.
  ///
  /// @return whether it came to a good end
  boolean task(String id) throws InterruptedException {
    String path = Tasks.path(id);
    JsonNode known = new Tasks(api).get(id);
    introduce("", known);
    return watch("task_id=" + known.path("task_id").asString(""), () -> see(path));
  }

  private void introduce(String label, JsonNode task) {
    if (!options.json && !options.quiet) {
      screen.line(
          "%s%s  %s  %s"
              .formatted(
                  label,
                  screen.ink().strong(Printer.text(task.path("task_id"))),
                  HarmlessWriter.escaped(Tasks.repository(task)),
                  HarmlessWriter.escaped(task.path("title").asString(""))));
    }
  }

  private String see(String path) throws InterruptedException {
    ApiClient.Listenable found = api.listenable(path);
    see(found.resource());
    return found.cursor();
  }

  /// Watches those of an execution that are known, and those that come to be meanwhile.
  ///
  /// @return whether all came to a good end
  boolean execution(String id) throws InterruptedException {
    many = true;
    return watch(
        "execution_id=" + Sandboxes.encoded(id),
        () -> {
          ApiClient.Listenable found = api.listenable(Tasks.EXECUTIONS + Sandboxes.encoded(id));
          progress.say(Tasks.counts(found.resource()));
          new Pages(api)
              .read(Tasks.PATH, Map.of("execution_id", id), MOST_TASKS)
              .reversed()
              .forEach(this::see);
          return found.cursor();
        });
  }

  private void see(JsonNode task) {
    String id = task.path("task_id").asString("");
    versions.put(id, task.path("version").asLong(0));
    states.put(id, Sandboxes.state(task));
    if (many && !stories.containsKey(id)) {
      introduce("#%-4d".formatted(stories.size() + 1), task);
    }
    TaskStory story = stories.computeIfAbsent(id, _ -> story(task.path("created_at").asString("")));
    if (story.times().text().isEmpty() && !options.json) {
      story
          .times()
          .see(
              task.path("step").asString(Sandboxes.state(task)),
              instant(task.path("updated_at").asString("")));
    }
  }

  private TaskStory story(String createdAt) {
    return new TaskStory(screen.ink(), many ? "#" + (stories.size() + 1) : "", instant(createdAt));
  }

  private static Instant instant(String text) {
    return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
  }

  private boolean watch(String query, Snapshot snapshot) throws InterruptedException {
    URI address = options.installation().resolve("/api/v1/events?" + query);
    do {
      stale = false;
      String cursor = snapshot.read();
      if (!isOver()) {
        var stream = new EventStream(address, options.credentials(), cursor);
        new LiveEvents(stream, options.installation(), progress).follow(this);
      }
    } while (stale);
    if (!options.json && !options.quiet) {
      end();
    }
    return states.values().stream().allMatch(Tasks::isGood);
  }

  private void end() {
    stories.forEach((id, story) -> {
      String state = states.getOrDefault(id, "");
      String head = StepTimes.words(state);
      screen.line(
          (Tasks.isGood(state) ? screen.ink().good(head) : screen.ink().bad(head))
              + (many ? "  " + id : "")
              + screen.ink().faint("  " + story.times().text()));
    });
  }

  private boolean isOver() {
    return !states.isEmpty()
        && states.values().stream()
            .allMatch(state -> untilReview ? Tasks.isInReview(state) : Tasks.isOver(state));
  }

  @Override
  public boolean event(String json) {
    JsonNode event = read(json);
    String id = event.path("context").path("task_id").asString("");
    if (id.isEmpty()) {
      return true;
    }
    if (event.path("type").asString("").startsWith("task.")) {
      long sequence = event.path("sequence").asLong(0);
      if (sequence <= versions.getOrDefault(id, 0L)) {
        return true;
      }
      versions.put(id, sequence);
      states.put(id, Sandboxes.state(event.path("data")));
    }
    TaskStory story = stories.computeIfAbsent(id, _ -> story(event.path("time").asString("")));
    List<String> lines = story.of(event);
    if (options.json) {
      screen.line(json);
    } else if (!options.quiet) {
      screen.lines(lines);
    }
    return !screen.isLeft() && !isOver();
  }

  private static JsonNode read(String json) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException _) {
      return JsonMapper.shared().createObjectNode();
    }
  }

  /// What was missed shows in what is read again.
  @Override
  public boolean reset(String reason) {
    stale = true;
    return false;
  }
}
