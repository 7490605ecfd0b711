package dev.slipway.standalone;

import dev.slipway.schemas.Ids;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The tasks of an installation, as its API has them.
record Tasks(ApiClient api) {
  static final String PATH = "/api/v1/tasks";
  static final String EXECUTIONS = "/api/v1/executions/";
  private static final Set<String> OVER = Set.of("DONE", "FAILED", "CANCELLED", "CLOSED");
  private static final List<String> COUNTS =
      List.of("todo", "in_progress", "in_review", "done", "failed", "cancelled", "closed");

  /// Where the task of this id is.
  ///
  /// @throws CommandFailedException when it is no id
  static String path(String id) {
    if (!Ids.UUID_TEXT.matcher(id).matches()) {
      throw new CommandFailedException(
          ExitCode.USAGE, HarmlessWriter.escaped(id) + " is no id of a task: that is a UUID");
    }
    return PATH + "/" + id.toLowerCase(Locale.ROOT);
  }

  JsonNode get(String id) throws InterruptedException {
    return api.find(path(id)).orElseThrow(() -> unknown("task", id));
  }

  JsonNode execution(String id) throws InterruptedException {
    return api.find(EXECUTIONS + Sandboxes.encoded(id)).orElseThrow(() -> unknown("execution", id));
  }

  static CommandFailedException unknown(String kind, String id) {
    return new CommandFailedException(
        ExitCode.FAILED, "no %s %s is known".formatted(kind, HarmlessWriter.escaped(id)));
  }

  static boolean isOver(String state) {
    return OVER.contains(state);
  }

  /// Whether nothing is left to be done but by people.
  static boolean isInReview(String state) {
    return state.equals("IN_REVIEW") || isOver(state);
  }

  static boolean isGood(String state) {
    return state.equals("DONE") || state.equals("IN_REVIEW");
  }

  static Table table(List<JsonNode> tasks) {
    Table table = new Table().row("ID", "STATE", "REPOSITORY", "TITLE", "PULL REQUEST", "CREATED");
    for (JsonNode task : tasks) {
      table.row(
          Printer.text(task.path("task_id")),
          stateAndStep(task),
          repository(task),
          Printer.text(task.path("title")),
          pullRequest(task),
          Printer.text(task.path("created_at")));
    }
    return table;
  }

  private static String stateAndStep(JsonNode task) {
    String step = task.path("step").asString("");
    return Sandboxes.state(task) + (step.isEmpty() ? "" : " " + step);
  }

  static String repository(JsonNode task) {
    JsonNode repository = task.path("repository");
    return repository
        .path("full_name")
        .stringValueOpt()
        .or(() -> repository.path("url").stringValueOpt())
        .orElse("-");
  }

  private static String pullRequest(JsonNode task) {
    JsonNode found = task.path("pull_request");
    return found.isObject()
        ? "#%s %s".formatted(Printer.text(found.path("number")), Printer.text(found.path("state")))
        : "-";
  }

  /// How it goes with an execution, in a line.
  static String counts(JsonNode execution) {
    JsonNode tasks = execution.path("tasks");
    StringBuilder line =
        new StringBuilder("execution ")
            .append(Printer.text(execution.path("execution_id")))
            .append(": ")
            .append(tasks.path("total").asInt(0))
            .append(" tasks");
    for (String state : COUNTS) {
      int count = tasks.path(state).asInt(0);
      if (count > 0) {
        line.append(", ").append(count).append(' ').append(state.replace('_', ' '));
      }
    }
    JsonNode pulls = execution.path("pull_requests");
    return HarmlessWriter.escaped(
        line.append(
                "; pull requests: %d open, %d merged, %d closed"
                    .formatted(
                        pulls.path("open").asInt(0),
                        pulls.path("merged").asInt(0),
                        pulls.path("closed").asInt(0)))
            .toString());
  }
}
