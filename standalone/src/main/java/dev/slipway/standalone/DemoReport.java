package dev.slipway.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How the demo went.
///
/// @param repository that it was given on
/// @param execution that its tasks are of
record DemoReport(String repository, String execution, List<DemoTask> tasks) {
  private static final Map<String, String> STEPS = steps();

  DemoReport {
    tasks = List.copyOf(tasks);
  }

  private static Map<String, String> steps() {
    Map<String, String> steps = new LinkedHashMap<>();
    steps.put("SANDBOX", "CREATING_SANDBOX");
    steps.put("CLONE", "CLONING");
    steps.put("BRANCH", "BRANCHING");
    steps.put("RUN", "RUNNING");
    steps.put("COMMIT", "COMMITTING");
    steps.put("PUSH", "PUSHING");
    steps.put("OPEN", "OPENING_PULL_REQUEST");
    steps.put("REVIEW", "IN_REVIEW");
    return steps;
  }

  boolean isGood() {
    return tasks.stream().allMatch(DemoTask::isGood);
  }

  Table table() {
    Table table = new Table();
    List<String> head = new ArrayList<>(List.of("TASK", "STATE", "PULL REQUESTS", "REMOVED"));
    head.addAll(STEPS.keySet());
    head.add("TOTAL");
    Table _ = table.row(head.toArray(String[]::new));
    for (DemoTask task : tasks) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  task.name(),
                  task.state(),
                  Integer.toString(task.pullRequests()),
                  task.isRemoved() ? "yes" : "no"));
      STEPS.values().forEach(step -> row.add(StepTimes.seconds(task.story().times().in(step))));
      row.add(StepTimes.seconds(task.total()));
      Table _ = table.row(row.toArray(String[]::new));
    }
    return table;
  }

  Map<String, Object> json() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (DemoTask task : tasks) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("task_id", task.id());
      json.put("state", task.state());
      json.put("pull_request_url", task.url());
      json.put("pull_requests", task.pullRequests());
      json.put("sandbox_removed", task.isRemoved());
      Map<String, Object> times = new LinkedHashMap<>();
      STEPS
          .values()
          .forEach(step ->
              times.put(step.toLowerCase(Locale.ROOT), task.story().times().in(step).toMillis()));
      json.put("milliseconds", times);
      json.put("total_milliseconds", task.total().toMillis());
      all.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("succeeded", isGood());
    json.put("repository", repository);
    json.put("execution_id", execution);
    json.put("tasks", all);
    return json;
  }
}
