package dev.slipway.pr.task;

import dev.slipway.pipeline.stage.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Table `task`.
final class TaskTable {
  private TaskTable() {}

  static Table<TaskState, TaskInput, TaskEvent> of() {
    return Table.<TaskState, TaskInput, TaskEvent>of(
            "task", "task_id", "uuid", TaskJson::write, TaskJson::state)
        .uniqueOverTenants(state -> state.status() != TaskStatus.NONE)
        .column("status", "text", state -> state.status().name())
        .column("execution_id", "text", state -> state.owner().executionId())
        .column("squad_id", "text", state -> state.owner().squadId())
        .column("agent_id", "text", state -> state.owner().agentId())
        .column("user_id", "text", state -> state.owner().userId())
        .column("session_id", "text", state -> state.owner().sessionId())
        .column("sandbox_id", "uuid", state -> text(state.attempt().sandboxId()))
        .column("repository", "text", state -> repository(state, TaskTable::address))
        .column("repository_name", "text", state -> repository(state, TaskTable::name))
        .column("repository_id", "bigint", TaskTable::repositoryId)
        .column("branch", "text", state -> state.work().branch())
        .column("pull_request_number", "bigint", TaskTable::number)
        .column("pull_request_state", "text", TaskTable::pullRequestState)
        .column("labels", "text[]", state -> array(state.spec()))
        .column("created_at", "timestamptz", state -> text(state.times().createdAt()))
        .column("finished_at", "timestamptz", state -> text(state.times().finishedAt()));
  }

  private static @Nullable String repository(TaskState state, Function<TaskSpec, String> value) {
    return state.spec() == null ? null : value.apply(state.spec());
  }

  private static String address(TaskSpec spec) {
    return spec.repositoryUrl();
  }

  private static String name(TaskSpec spec) {
    return spec.url().path().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String repositoryId(TaskState state) {
    return state.repository() == null ? null : Long.toString(state.repository().id());
  }

  private static @Nullable String number(TaskState state) {
    return state.pullRequest() == null ? null : Long.toString(state.pullRequest().number());
  }

  private static @Nullable String pullRequestState(TaskState state) {
    return state.pullRequest() == null ? null : state.pullRequest().state().name();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  /// As Postgres reads it.
  private static String array(@Nullable TaskSpec spec) {
    List<String> labels = spec == null ? List.of() : spec.labels();
    var text = new StringBuilder("{");
    for (String label : labels) {
      text.append(text.length() > 1 ? ",\"" : "\"")
          .append(label.replace("\\", "\\\\").replace("\"", "\\\""))
          .append('"');
    }
    return text.append('}').toString();
  }
}
