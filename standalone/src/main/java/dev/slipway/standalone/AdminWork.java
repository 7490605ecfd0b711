package dev.slipway.standalone;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// Work that stages do for an operator: asked for, watched to its end, and told of when it stopped.
///
/// @param kind what the admin routes call it, such as `replay`
/// @param err standard error
record AdminWork(String kind, GlobalOptions options, PrintWriter err) {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int LOOKS_BETWEEN_WORDS = 10;

  /// What became of it, one for each stage.
  List<JsonNode> run(String stage, Map<String, ?> request) throws InterruptedException {
    try (ApiClient api = options.api()) {
      List<JsonNode> ended = new ArrayList<>();
      for (JsonNode work : ask(api, stage, request)) {
        ended.add(watch(api, work));
      }
      return ended;
    }
  }

  private JsonNode ask(ApiClient api, String stage, Map<String, ?> request)
      throws InterruptedException {
    try {
      return api.post(path(), request).path("items");
    } catch (CommandFailedException e) {
      throw new CommandFailedException(
          e.exitCode(), "no %s of %s: %s".formatted(kind, stage, e.getMessage()));
    }
  }

  private JsonNode watch(ApiClient api, JsonNode asked) throws InterruptedException {
    Progress progress = new Progress(err, options.quiet);
    JsonNode work = asked;
    for (int looks = 1; work.path("state").asString().equals("RUNNING"); looks++) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      work = api.get(path() + "/" + asked.path(kind + "_id").asString());
      if (looks % LOOKS_BETWEEN_WORDS == 0) {
        progress.say(
            "%s: %d %%"
                .formatted(
                    HarmlessWriter.escaped(work.path("stage").asString()),
                    work.path("progress_percent").asInt()));
      }
    }
    return work;
  }

  private String path() {
    return "/api/v1/admin/" + kind + "s";
  }

  /// Says why those stopped that did not come to their end.
  void explain(List<JsonNode> ended) {
    ended.stream()
        .filter(work -> !isDone(work))
        .forEach(work ->
            err.println(
                "slipway: stopped, " + HarmlessWriter.escaped(work.path("reason").asString(""))));
  }

  static boolean isDone(JsonNode work) {
    return work.path("state").asString().equals("DONE");
  }
}
