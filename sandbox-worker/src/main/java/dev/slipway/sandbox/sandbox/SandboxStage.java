package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.stage.FailedOperation;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.schemas.Topics;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `sandbox-worker.sandboxes`: wishes for sandboxes, from `sandbox.commands` and over HTTP, become
/// operations that workers make; what comes of them is published on `sandbox.events`.
final class SandboxStage {
  static final String NAME = "sandbox-worker.sandboxes";

  private SandboxStage() {}

  static Stage<SandboxState, SandboxInput, SandboxEvent> of(
      SandboxCommandCodec commands, SandboxEventCodec events, SandboxRecordCodec recorded) {
    return Stage.named(NAME, new SandboxDecider(), SandboxTable.of())
        .reads(Topics.SANDBOX_COMMANDS, commands)
        .publishes(events)
        .rebuiltFrom(recorded)
        .operates(SandboxOperation.class, new SandboxOperationCodec(), SandboxStage::failed)
        .waits(SandboxStage::deadlines, (_, at) -> new SandboxInput.Expired(at))
        .linked(SandboxStage::links, Map.of())
        .tellsOfConflicts(input ->
            input instanceof SandboxInput.Create create
                ? Optional.of(new SandboxInput.NameTaken(create.operation()))
                : Optional.empty())
        .deadLetters(Topics.SANDBOXES_DEAD_LETTERS);
  }

  private static Optional<SandboxInput> failed(FailedOperation operation) {
    return Optional.of(
        new SandboxInput.OperationFailed(
            operation.id(),
            new SandboxFailure(
                operation.failure().code(),
                operation.failure().message(),
                operation.failure().retryable())));
  }

  private static Map<String, Instant> deadlines(SandboxState state) {
    Instant expiresAt = state.times().expiresAt();
    return state.status().isAlive() && expiresAt != null ? Map.of("expiry", expiresAt) : Map.of();
  }

  private static Set<Link> links(AggregateId id, SandboxState state) {
    var links = new HashSet<Link>();
    if (state.spec() != null && state.spec().name() != null && !state.status().isOver()) {
      links.add(new Link(id.tenant(), "name", state.spec().name(), true));
    }
    if (state.externalId() != null) {
      links.add(new Link(id.tenant(), "external", state.externalId(), false));
    }
    return links;
  }
}
