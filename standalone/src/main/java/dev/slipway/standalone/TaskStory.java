package dev.slipway.standalone;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What happens to a task, as lines for people: how long it has been, what it is about, what
/// happened.
final class TaskStory {
  private static final int TIME_WIDTH = 11;
  private static final Set<String> TOLD_OF_PULL_REQUESTS =
      Set.of("approved", "changes_requested", "checks", "merged", "closed", "reopened");

  private final Ink ink;
  private final String label;
  private final StepTimes times = new StepTimes();

  /// What was printed without the end of its line so far, by operation and stream.
  private final Map<String, String> unfinished = new LinkedHashMap<>();

  private Instant began; // CONFINED: to the thread that reads events

  /// @param label what tells it from others that are shown beside it; empty for the only one
  /// @param began from when on time is counted; the epoch for when its first event comes
  TaskStory(Ink ink, String label, Instant began) {
    this.ink = ink;
    this.label = label;
    this.began = began;
  }

  StepTimes times() {
    return times;
  }

  /// The lines of an event; none for what people need not know.
  List<String> of(JsonNode event) {
    Instant at = instant(event.path("time").asString(""));
    began = began.equals(Instant.EPOCH) ? at : began;
    JsonNode data = event.path("data");
    String type = event.path("type").asString("");
    String kind = type.substring(0, Math.max(type.indexOf('.'), 0));
    return switch (kind) {
      case "task" -> task(at, data);
      case "command" -> command(at, type, event);
      case "sandbox" -> sandbox(at, type, data);
      case "pull_request" -> pullRequest(at, type, data);
      default -> List.of();
    };
  }

  private List<String> task(Instant at, JsonNode data) {
    String state = Sandboxes.state(data);
    String step = data.path("step").asString(state);
    times.see(step, at);
    String name = StepTimes.words(step);
    String head =
        switch (state) {
          case "DONE", "IN_REVIEW" -> ink.good(padded(name));
          case "FAILED", "CANCELLED", "CLOSED" -> ink.bad(padded(name));
          default -> ink.active(padded(name));
        };
    List<String> lines = new ArrayList<>();
    data.path("message")
        .asString("")
        .lines()
        .forEach(line ->
            lines.add(
                time(at)
                    + (lines.isEmpty() ? head : " ".repeat(padded(name).length()))
                    + " "
                    + HarmlessWriter.escaped(line)));
    String url = data.path("pull_request").path("url").asString("");
    if (state.equals("IN_REVIEW") && !url.isEmpty() && !lines.isEmpty()) {
      lines.set(0, lines.getFirst() + "  " + ink.strong(url));
    }
    return lines;
  }

  private List<String> command(Instant at, String type, JsonNode event) {
    JsonNode data = event.path("data");
    return switch (type) {
      case "command.started" ->
          data.path("command")
              .asString("")
              .lines()
              .map(line -> time(at) + padded("") + " " + ink.strong("$ " + line))
              .toList();
      case "command.output" -> output(data);
      case "command.completed" -> completed(at, data);
      default -> List.of();
    };
  }

  private List<String> output(JsonNode data) {
    List<String> lines = new ArrayList<>();
    long skipped = data.path("skipped_bytes").asLong(0);
    if (skipped > 0) {
      lines.add(printed("… %d bytes are not shown".formatted(skipped)));
    }
    if (!data.path("text").isString()) {
      lines.add(printed("… bytes that are no text"));
      return lines;
    }
    String key = data.path("operation_id").asString("") + data.path("stream").asString("");
    String text = unfinished.getOrDefault(key, "") + data.path("text").asString("");
    int end = text.lastIndexOf('\n') + 1;
    text.substring(0, end).lines().map(this::printed).forEach(lines::add);
    unfinished.put(key, text.substring(end));
    return lines;
  }

  private List<String> completed(Instant at, JsonNode data) {
    List<String> lines = new ArrayList<>();
    for (String stream : List.of("stdout", "stderr")) {
      String rest = unfinished.remove(data.path("operation_id").asString("") + stream);
      if (rest != null && !rest.isEmpty()) {
        lines.add(printed(rest));
      }
    }
    Duration taken = Duration.ofMillis(data.path("duration_ms").asLong(0));
    String exit = Printer.text(data.path("exit_code"));
    String words = "exit %s (%s)".formatted(exit, StepTimes.seconds(taken));
    lines.add(time(at) + padded("") + " " + (exit.equals("0") ? ink.faint(words) : ink.bad(words)));
    return lines;
  }

  private List<String> sandbox(Instant at, String type, JsonNode data) {
    return switch (type) {
      case "sandbox.terminated" ->
          List.of(
              time(at)
                  + ink.faint(padded("sandbox"))
                  + " removed after %s (%s)"
                      .formatted(
                          StepTimes.seconds(
                              Duration.ofMillis(
                                  (long) (data.path("runtime_seconds").asDouble(0) * 1_000))),
                          Printer.text(data.path("kill_reason"))));
      case "sandbox.failed" ->
          List.of(time(at) + ink.bad(padded("sandbox")) + " " + Sandboxes.failure(data));
      default -> List.of();
    };
  }

  private List<String> pullRequest(Instant at, String type, JsonNode data) {
    String what = type.substring(type.indexOf('.') + 1);
    if (!TOLD_OF_PULL_REQUESTS.contains(what)) {
      return List.of();
    }
    String actor = data.path("actor").asString("");
    String checks = what.equals("checks") ? " " + checks(data) : "";
    return List.of(
        time(at)
            + ink.active(padded("pull request"))
            + HarmlessWriter.escaped(
                " #%s %s%s%s"
                    .formatted(
                        Printer.text(data.path("number")),
                        StepTimes.words(what),
                        checks,
                        actor.isEmpty() ? "" : " by " + actor)));
  }

  private static String checks(JsonNode data) {
    JsonNode checks = data.path("checks");
    return (checks.isObject() ? checks.path("state") : checks)
        .asString("")
        .toLowerCase(Locale.ROOT);
  }

  private String printed(String line) {
    return " ".repeat(TIME_WIDTH) + named() + padded("") + " " + ink.faint("| ") + harmless(line);
  }

  private static String harmless(String line) {
    return HarmlessWriter.escaped(line.replace("\t", "    ").replace("\r", ""));
  }

  private String time(Instant at) {
    String seconds =
        String.format(Locale.ROOT, "%7.1f s", Duration.between(began, at).toMillis() / 1_000.0);
    return ink.faint(seconds) + "  " + named();
  }

  private String named() {
    return label.isEmpty() ? "" : String.format(Locale.ROOT, "%-5s", label);
  }

  private static String padded(String word) {
    return String.format(Locale.ROOT, "%-20s", word);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException _) {
      return Instant.EPOCH;
    }
  }
}
