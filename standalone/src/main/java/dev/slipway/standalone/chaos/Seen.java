package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/// What stands in Slipway and at GitHub when all is over, and what is wrong with it.
///
/// @param work what was asked for and done
/// @param tasks as Slipway shows them, by id
/// @param pulls as GitHub shows them, by the task of their branch
record Seen(Work work, Map<UUID, JsonNode> tasks, Map<UUID, List<JsonNode>> pulls) {
  private static final Set<String> SETTLED =
      Set.of("IN_REVIEW", "DONE", "CLOSED", "FAILED", "CANCELLED");

  Seen {
    tasks = Map.copyOf(tasks);
    pulls = Map.copyOf(pulls);
  }

  /// Looks.
  static Seen of(Work work, TaskApi api, GitHubSide gitHub)
      throws IOException, InterruptedException {
    Map<UUID, JsonNode> tasks = new HashMap<>();
    for (JsonNode task : api.all()) {
      JsonNode _ = tasks.put(UUID.fromString(task.path("task_id").asString()), task);
    }
    Map<UUID, List<JsonNode>> pulls = new HashMap<>();
    for (Work.Repository repository : work.repositories()) {
      for (JsonNode pull : gitHub.pulls(repository.name(), "all")) {
        Work.taskOf(pull.at("/head/ref").asString(""))
            .ifPresent(task -> pulls.computeIfAbsent(task, _ -> new ArrayList<>()).add(pull));
      }
    }
    return new Seen(work, tasks, pulls);
  }

  /// The state of a task, empty when Slipway does not have it.
  String state(UUID task) {
    JsonNode found = tasks.get(task);
    return found == null ? "" : found.path("state").asString("");
  }

  /// One pull request for each task, counted at GitHub; a cancelled one has at most one, closed.
  Check onePullRequest() {
    return check(
        "one pull request a task",
        (id, wrong) -> {
          List<JsonNode> found = pulls.getOrDefault(id, List.of());
          boolean isCancelled = state(id).equals("CANCELLED");
          if (found.size() > 1 || (found.isEmpty() && !isCancelled)) {
            wrong.add("%d of %s".formatted(found.size(), describe(id)));
          }
          if (isCancelled && found.stream().anyMatch(Seen::isOpen)) {
            wrong.add("an open one of %s".formatted(describe(id)));
          }
        });
  }

  private static boolean isOpen(JsonNode pull) {
    return pull.path("state").asString("").equals("open");
  }

  /// No task failed, and none was cancelled but by people.
  Check noneFailed() {
    return check(
        "no task failed or cancelled unless planned",
        (id, wrong) -> {
          boolean isCancelled = work.doneWith(id).filter(Fate.CANCEL::equals).isPresent();
          if (state(id).equals("FAILED") || (state(id).equals("CANCELLED") && !isCancelled)) {
            wrong.add(describe(id));
          }
        });
  }

  /// None is still on its way.
  Check allSettled() {
    return check(
        "all tasks settled",
        (id, wrong) -> {
          if (!SETTLED.contains(state(id))) {
            wrong.add(describe(id));
          }
        });
  }

  /// Each is what people have made of it.
  Check asDecided() {
    return check(
        "merged, closed and cancelled as people did",
        (id, wrong) -> {
          String expected = work.doneWith(id).orElse(Fate.LEAVE).state();
          if (!state(id).equals(expected)) {
            wrong.add("%s, expected %s".formatted(describe(id), expected));
          }
        });
  }

  /// Whether there is nothing more to wait for.
  boolean isAsDecided() {
    return work.left() == 0 && asDecided().isPassed();
  }

  /// Tasks that were taken and those that are there are the same.
  Check conserved() {
    Set<UUID> lost = new HashSet<>(work.ids());
    lost.removeAll(tasks.keySet());
    Set<UUID> unknown = new HashSet<>(tasks.keySet());
    unknown.removeAll(work.ids());
    List<String> wrong = new ArrayList<>();
    lost.forEach(id -> wrong.add("task %s was taken and is not there".formatted(id)));
    unknown.forEach(id -> wrong.add("task %s was never asked for".formatted(id)));
    return new Check("accepted = ended + waiting", wrong);
  }

  private interface Judge extends BiConsumer<UUID, List<String>> {}

  private Check check(String name, Judge judge) {
    List<String> wrong = new ArrayList<>();
    work.ids().forEach(id -> judge.accept(id, wrong));
    return new Check(name, wrong);
  }

  private String describe(UUID id) {
    JsonNode task = tasks.get(id);
    if (task == null) {
      return "task " + id;
    }
    JsonNode failure = task.path("failure");
    return "task %s: %s %s%s"
        .formatted(
            id,
            state(id),
            task.path("step").asString("-"),
            failure.isObject()
                ? " (%s: %s)"
                    .formatted(
                        failure.path("code").asString(""), failure.path("message").asString(""))
                : "");
  }
}
