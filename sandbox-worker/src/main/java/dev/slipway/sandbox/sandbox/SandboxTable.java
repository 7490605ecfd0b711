package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.stage.Table;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Table `sandbox`.
final class SandboxTable {
  private SandboxTable() {}

  static Table<SandboxState, SandboxInput, SandboxEvent> of() {
    return Table.<SandboxState, SandboxInput, SandboxEvent>of(
            "sandbox", "sandbox_id", "uuid", SandboxJson::write, SandboxJson::state)
        .uniqueOverTenants(state -> state.status() != SandboxStatus.NONE)
        .column("status", "text", state -> state.status().name())
        .column("template", "text", spec(SandboxSpec::template))
        .column("name", "text", spec(SandboxSpec::name))
        .column("external_id", "text", SandboxState::externalId)
        .column("task_id", "text", state -> state.context().taskId())
        .column("execution_id", "text", state -> state.context().executionId())
        .column("squad_id", "text", state -> state.context().squadId())
        .column("agent_id", "text", state -> state.context().agentId())
        .column("session_id", "text", state -> state.context().sessionId())
        .column("repository", "text", state -> url(state).map(RepositoryUrl::value).orElse(null))
        .column(
            "repository_name",
            "text",
            state -> url(state).map(url -> url.path().toLowerCase(Locale.ROOT)).orElse(null))
        .column("metadata", "jsonb", spec(spec -> SandboxJson.write(spec.metadata())))
        .column(
            "requested_at",
            "timestamptz",
            state ->
                state.times().requestedAt() == null
                    ? null
                    : state.times().requestedAt().toString());
  }

  private static Function<SandboxState, @Nullable String> spec(
      Function<SandboxSpec, @Nullable String> value) {
    return state -> state.spec() == null ? null : value.apply(state.spec());
  }

  private static Optional<RepositoryUrl> url(SandboxState state) {
    String given = state.spec() == null ? null : state.spec().repositoryUrl();
    return given == null ? Optional.empty() : RepositoryUrl.parse(given);
  }
}
