package dev.slipway.sandbox.sandbox;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.sandbox.sandbox.SandboxOperation.Kind;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What is kept as JSON in the columns of rows.
final class SandboxJson {
  /// Rows that an earlier build wrote lack what came later.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .withConfigOverride(
              Map.class, all -> all.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
          .build();

  private SandboxJson() {}

  static String write(SandboxState state) {
    return JSON.writeValueAsString(state);
  }

  static SandboxState state(String json) {
    return JSON.readValue(json, SandboxState.class);
  }

  static String write(SandboxOperation operation) {
    return JSON.writeValueAsString(operation);
  }

  static SandboxOperation operation(Kind kind, String json) {
    Class<? extends SandboxOperation> type =
        switch (kind) {
          case CREATE_SANDBOX -> SandboxOperation.CreateSandbox.class;
          case RUN_COMMAND -> SandboxOperation.RunCommand.class;
          case PAUSE -> SandboxOperation.Pause.class;
          case RESUME -> SandboxOperation.Resume.class;
          case RESET -> SandboxOperation.Reset.class;
          case EXTEND -> SandboxOperation.Extend.class;
          case TERMINATE -> SandboxOperation.Terminate.class;
          case CLONE -> SandboxOperation.Clone.class;
          case BRANCH -> SandboxOperation.Branch.class;
          case COMMIT -> SandboxOperation.Commit.class;
          case PUSH -> SandboxOperation.Push.class;
        };
    return JSON.readValue(json, type);
  }

  static String write(Map<String, String> metadata) {
    return JSON.writeValueAsString(metadata);
  }
}
