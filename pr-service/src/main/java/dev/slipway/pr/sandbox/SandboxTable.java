package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.stage.Table;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Table `sandbox`.
public final class SandboxTable {
  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private SandboxTable() {}

  static Table<SandboxState, SandboxInput, SandboxFact> of() {
    return Table.<SandboxState, SandboxInput, SandboxFact>of(
            "sandbox",
            "sandbox_id",
            "uuid",
            JSON::writeValueAsString,
            text -> JSON.readValue(text, SandboxState.class))
        .column("requested_at", "timestamptz", text(SandboxState::requestedAt))
        .column("repository", "text", SandboxState::repository)
        .column("ended", "boolean", text(SandboxState::ended))
        .column(
            "pull_request_repository_id", "bigint", ofPullRequest(PullRequestNumber::repositoryId))
        .column("pull_request_number", "bigint", ofPullRequest(PullRequestNumber::number));
  }

  private static Function<SandboxState, @Nullable String> text(
      Function<SandboxState, @Nullable Object> value) {
    return state -> {
      Object found = value.apply(state);
      return found == null ? null : found.toString();
    };
  }

  private static Function<SandboxState, @Nullable String> ofPullRequest(
      Function<PullRequestNumber, Long> value) {
    return state ->
        state.pullRequest() == null ? null : value.apply(state.pullRequest()).toString();
  }

  /// Whose a row is.
  ///
  /// @param json the member `owner` of its column `state`
  public static SandboxOwner owner(String json) {
    return JSON.readValue(json, SandboxOwner.class);
  }
}
