package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.RecordKey;
import dev.slipway.pipeline.live.GitHubNames;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.pr.sandbox.SandboxFact.Cloned;
import dev.slipway.pr.sandbox.SandboxFact.Ended;
import dev.slipway.pr.sandbox.SandboxFact.Linked;
import dev.slipway.pr.sandbox.SandboxFact.Pushed;
import dev.slipway.pr.sandbox.SandboxFact.Requested;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.sandbox.SandboxFailed;
import dev.slipway.schemas.sandbox.SandboxLinked;
import dev.slipway.schemas.sandbox.SandboxRequested;
import dev.slipway.schemas.sandbox.SandboxTerminated;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads those records of `sandbox.events` that matter to pull requests.
final class SandboxRecordCodec implements RecordDecoder<SandboxInput> {
  private static final Set<String> TYPES =
      Set.of(
          "sandbox.requested",
          "git.cloned",
          "git.pushed",
          "sandbox.linked",
          "sandbox.terminated",
          "sandbox.failed");

  private final Deserializer<SandboxEvent> deserializer;

  SandboxRecordCodec(Deserializer<SandboxEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<Input<SandboxInput>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (!TYPES.contains(envelope.type())) {
      return Optional.empty();
    }
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    SandboxEvent event = deserializer.deserialize(record.topic(), record.headers(), record.value());
    String id = RecordKey.uuid(record.key(), "sandbox").toString();
    return fact(id, event, envelope.time())
        .map(fact -> Input.to(event.getContext().getTenant(), id, new SandboxInput.Told(fact)));
  }

  private static Optional<SandboxFact> fact(String id, SandboxEvent event, Instant at) {
    return switch (event.getBody()) {
      case SandboxRequested requested ->
          Optional.of(
              new Requested(
                  owner(id, event.getContext()), addressIfAny(requested.getRepositoryUrl()), at));
      case GitCloned cloned ->
          address(cloned.getRepositoryUrl()).map(address -> new Cloned(cloned.getPath(), address));
      case GitPushed pushed ->
          Optional.of(new Pushed(pushed.getPath(), pushed.getBranch(), pushed.getSha()));
      case SandboxLinked linked ->
          Optional.of(
              new Linked(new PullRequestNumber(linked.getRepositoryId(), linked.getNumber())));
      case SandboxTerminated _, SandboxFailed _ -> Optional.of(new Ended());
      default -> throw new PermanentException("its body is not what its ce_type says", null);
    };
  }

  private static @Nullable String addressIfAny(@Nullable String url) {
    return url == null ? null : address(url).orElse(null);
  }

  /// The address of a repository in the form in which it is compared.
  static Optional<String> address(String url) {
    return RepositoryUrl.parse(url).map(parsed -> GitHubNames.folded(parsed.value()));
  }

  private static SandboxOwner owner(String id, Context context) {
    return new SandboxOwner(
        id,
        context.getUserId(),
        context.getTaskId(),
        context.getExecutionId(),
        context.getSquadId(),
        context.getAgentId(),
        context.getSessionId());
  }
}
