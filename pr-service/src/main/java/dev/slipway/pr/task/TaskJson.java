package dev.slipway.pr.task;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.databind.json.JsonMapper;

/// What is kept as JSON in the columns of rows.
final class TaskJson {
  /// Questions that a record answers about itself are no parts of it.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultVisibility(visible -> visible.withIsGetterVisibility(Visibility.NONE))
          .addMixIn(Runner.class, TypedRunner.class)
          .build();

  private TaskJson() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Runner.Commands.class, name = "commands"),
    @JsonSubTypes.Type(value = Runner.Cli.class, name = "cli")
  })
  private interface TypedRunner {}

  static String write(Object value) {
    return JSON.writeValueAsString(value);
  }

  static TaskState state(String json) {
    return JSON.readValue(json, TaskState.class);
  }

  static <O extends TaskOperation> O operation(String json, Class<O> type) {
    return JSON.readValue(json, type);
  }
}
