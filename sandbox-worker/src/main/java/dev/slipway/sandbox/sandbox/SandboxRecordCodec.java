package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.EventDecoder;
import dev.slipway.sandbox.sandbox.SandboxOperation.Kind;
import dev.slipway.sandbox.sandbox.SandboxState.Place;
import dev.slipway.schemas.sandbox.CommandCompleted;
import dev.slipway.schemas.sandbox.CommandStarted;
import dev.slipway.schemas.sandbox.Failure;
import dev.slipway.schemas.sandbox.GitBranchCreated;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitCommitted;
import dev.slipway.schemas.sandbox.GitFailed;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.OperationEnded;
import dev.slipway.schemas.sandbox.OperationRequested;
import dev.slipway.schemas.sandbox.SandboxCondemned;
import dev.slipway.schemas.sandbox.SandboxCreated;
import dev.slipway.schemas.sandbox.SandboxExtended;
import dev.slipway.schemas.sandbox.SandboxFailed;
import dev.slipway.schemas.sandbox.SandboxLinked;
import dev.slipway.schemas.sandbox.SandboxPaused;
import dev.slipway.schemas.sandbox.SandboxRejected;
import dev.slipway.schemas.sandbox.SandboxRequested;
import dev.slipway.schemas.sandbox.SandboxReset;
import dev.slipway.schemas.sandbox.SandboxResumed;
import dev.slipway.schemas.sandbox.SandboxRunning;
import dev.slipway.schemas.sandbox.SandboxTerminated;
import dev.slipway.schemas.sandbox.SandboxTerminating;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/// Reads records of `sandbox.events` back: the other direction of [SandboxEventCodec].
final class SandboxRecordCodec implements EventDecoder<SandboxEvent> {
  private final Deserializer<dev.slipway.schemas.sandbox.SandboxEvent> deserializer;

  SandboxRecordCodec(Deserializer<dev.slipway.schemas.sandbox.SandboxEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<Recorded<SandboxEvent>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    var value = deserializer.deserialize(record.topic(), record.headers(), record.value());
    var id =
        new AggregateId(
            value.getContext().getTenant(), new String(record.key(), StandardCharsets.UTF_8));
    return Optional.of(new Recorded<>(id, event(value), envelope.id()));
  }

  /// What a record says.
  static SandboxEvent event(dev.slipway.schemas.sandbox.SandboxEvent value) {
    return switch (value.getBody()) {
      case SandboxRequested requested ->
          new SandboxEvent.Requested(
              requested.getOperationId(),
              SandboxValueCodec.spec(requested),
              SandboxValueCodec.context(value.getContext()));
      case SandboxCreated created ->
          new SandboxEvent.Created(new Place(created.getProvider(), created.getExternalId()));
      case SandboxRunning _ -> new SandboxEvent.Running();
      case SandboxPaused _ -> new SandboxEvent.Paused();
      case SandboxResumed _ -> new SandboxEvent.Resumed();
      case SandboxReset reset ->
          new SandboxEvent.WasReset(
              new SandboxState.Place(reset.getProvider(), reset.getExternalId()));
      case SandboxExtended extended ->
          new SandboxEvent.Extended(Duration.ofSeconds(extended.getTimeoutSeconds()));
      case SandboxTerminating terminating ->
          new SandboxEvent.Terminating(SandboxValueCodec.reason(terminating.getReason()));
      case SandboxTerminated terminated ->
          new SandboxEvent.Terminated(SandboxValueCodec.reason(terminated.getReason()));
      case SandboxFailed failed -> new SandboxEvent.Failed(failure(failed.getFailure()));
      case SandboxCondemned condemned -> new SandboxEvent.Condemned(condemned.getExternalId());
      case SandboxRejected rejected ->
          new SandboxEvent.Rejected(
              rejected.getOperationId(), rejected.getCode(), rejected.getMessage());
      case OperationRequested requested ->
          new SandboxEvent.OperationRequested(
              requested.getOperationId(), kind(requested.getKind()), requested.getCommand());
      case OperationEnded ended ->
          new SandboxEvent.OperationEnded(
              ended.getOperationId(),
              kind(ended.getKind()),
              SandboxValueCodec.failure(ended.getFailure()),
              ended.getCancelled());
      case CommandStarted started ->
          new SandboxEvent.CommandStarted(started.getOperationId(), started.getCommand());
      case CommandCompleted completed ->
          new SandboxEvent.CommandCompleted(
              completed.getOperationId(),
              SandboxValueCodec.result(completed.getResult()),
              SandboxValueCodec.failure(completed.getFailure()),
              completed.getCancelled());
      case GitCloned cloned -> GitValueCodec.event(cloned);
      case GitBranchCreated created -> GitValueCodec.event(created);
      case GitCommitted committed -> GitValueCodec.event(committed);
      case GitPushed pushed -> GitValueCodec.event(pushed);
      case SandboxLinked linked ->
          new SandboxEvent.Linked(
              new PullRequestLink(linked.getRepositoryId(), linked.getNumber()));
      case GitFailed failed ->
          new SandboxEvent.GitFailed(
              failed.getOperationId(), kind(failed.getKind()), failure(failed.getFailure()));
      default -> throw SandboxValueCodec.unknown();
    };
  }

  private static SandboxFailure failure(Failure failure) {
    return new SandboxFailure(failure.getCode(), failure.getMessage(), failure.getRetryable());
  }

  private static Kind kind(String wireName) {
    try {
      return Kind.of(wireName);
    } catch (IllegalArgumentException e) {
      throw new PermanentException("it is about a kind of operation that nobody knows", e);
    }
  }
}
