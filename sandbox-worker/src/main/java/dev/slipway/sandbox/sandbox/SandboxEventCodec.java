package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.sandbox.CommandCompleted;
import dev.slipway.schemas.sandbox.CommandStarted;
import dev.slipway.schemas.sandbox.GitFailed;
import dev.slipway.schemas.sandbox.OperationEnded;
import dev.slipway.schemas.sandbox.OperationRequested;
import dev.slipway.schemas.sandbox.PauseSandbox;
import dev.slipway.schemas.sandbox.SandboxCommand;
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
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serializer;

/// Writes records of `sandbox.events`.
final class SandboxEventCodec implements EventCodec<SandboxState, SandboxEvent> {
  static final String SOURCE = "sandbox-worker";

  private final Serializer<dev.slipway.schemas.sandbox.SandboxEvent> events;
  private final Serializer<SandboxCommand> commands;
  private final String eventsTopic;
  private final String commandsTopic;

  /// Writes with serialisers that are configured.
  ///
  /// @param commands of the topic that the stage reads: whoever writes there finds its schema in
  ///   the registry
  /// @param eventsTopic the name that the cluster knows the topic by
  /// @param commandsTopic likewise
  SandboxEventCodec(
      Serializer<dev.slipway.schemas.sandbox.SandboxEvent> events,
      Serializer<SandboxCommand> commands,
      String eventsTopic,
      String commandsTopic) {
    this.events = events;
    this.commands = commands;
    this.eventsTopic = eventsTopic;
    this.commandsTopic = commandsTopic;
  }

  @Override
  public Topic topic() {
    return Topics.SANDBOX_EVENTS;
  }

  @Override
  public String source() {
    return SOURCE;
  }

  @Override
  public String type(SandboxEvent event) {
    return switch (event) {
      case SandboxEvent.Requested _ -> "sandbox.requested";
      case SandboxEvent.Created _ -> "sandbox.created";
      case SandboxEvent.Running _ -> "sandbox.running";
      case SandboxEvent.Paused _ -> "sandbox.paused";
      case SandboxEvent.Resumed _ -> "sandbox.resumed";
      case SandboxEvent.WasReset _ -> "sandbox.reset";
      case SandboxEvent.Extended _ -> "sandbox.extended";
      case SandboxEvent.Terminating _ -> "sandbox.terminating";
      case SandboxEvent.Terminated _ -> "sandbox.terminated";
      case SandboxEvent.Failed _ -> "sandbox.failed";
      case SandboxEvent.Condemned _ -> "sandbox.condemned";
      case SandboxEvent.Rejected _ -> "sandbox.rejected";
      case SandboxEvent.OperationRequested _ -> "operation.requested";
      case SandboxEvent.OperationEnded _ -> "operation.ended";
      case SandboxEvent.CommandStarted _ -> "command.started";
      case SandboxEvent.CommandCompleted _ -> "command.completed";
      case SandboxEvent.GitDone(_, GitResult.Cloned _) -> "git.cloned";
      case SandboxEvent.GitDone(_, GitResult.BranchCreated _) -> "git.branch_created";
      case SandboxEvent.GitDone(_, GitResult.Committed _) -> "git.committed";
      case SandboxEvent.GitDone(_, GitResult.Pushed _) -> "git.pushed";
      case SandboxEvent.GitFailed _ -> "git.failed";
      case SandboxEvent.Linked _ -> "sandbox.linked";
    };
  }

  @Override
  public byte[] encode(AggregateId id, SandboxState after, Numbered<SandboxEvent> event) {
    var value =
        new dev.slipway.schemas.sandbox.SandboxEvent(
            SandboxValueCodec.context(id.tenant(), id.key(), after.context()),
            dev.slipway.schemas.sandbox.SandboxStatus.valueOf(after.status().name()),
            SandboxValueCodec.reason(after.killReason()),
            after.runtimeMillis(event.at()),
            body(event.event(), after));
    return Objects.requireNonNull(events.serialize(eventsTopic, value));
  }

  /// Asks the registry for the schemas' ids, so that no decision has to wait for them.
  @Override
  public void prepare() {
    var _ =
        encode(
            new AggregateId("", ""),
            SandboxState.NONE,
            new Numbered<>(new SandboxEvent.Running(), null, 0, Instant.EPOCH, new UUID(0, 0)));
    var _ =
        commands.serialize(
            commandsTopic,
            new SandboxCommand(
                SandboxValueCodec.context("", "", SandboxContext.NONE), new PauseSandbox()));
  }

  private static Object body(SandboxEvent event, SandboxState after) {
    return switch (event) {
      case SandboxEvent.Requested(var operation, var spec, _) ->
          new SandboxRequested(
              operation,
              spec.template(),
              Math.toIntExact(spec.timeout().toSeconds()),
              spec.metadata(),
              spec.environment(),
              SandboxValueCodec.network(spec.network()),
              spec.repositoryUrl(),
              spec.name());
      case SandboxEvent.Created(var place) ->
          new SandboxCreated(place.provider(), place.externalId());
      case SandboxEvent.Running _ -> new SandboxRunning();
      case SandboxEvent.Paused _ -> new SandboxPaused();
      case SandboxEvent.Resumed _ -> new SandboxResumed();
      case SandboxEvent.WasReset(var place) ->
          new SandboxReset(place.provider(), place.externalId());
      case SandboxEvent.Extended(var timeout) ->
          new SandboxExtended(Math.toIntExact(timeout.toSeconds()), after.times().expiresAt());
      case SandboxEvent.Terminating(var reason) ->
          new SandboxTerminating(Objects.requireNonNull(SandboxValueCodec.reason(reason)));
      case SandboxEvent.Terminated(var reason) ->
          new SandboxTerminated(Objects.requireNonNull(SandboxValueCodec.reason(reason)));
      case SandboxEvent.Failed(var failure) ->
          new SandboxFailed(Objects.requireNonNull(SandboxValueCodec.failure(failure)));
      case SandboxEvent.Condemned(var externalId) -> new SandboxCondemned(externalId);
      case SandboxEvent.Rejected(var operation, var code, var message) ->
          new SandboxRejected(operation, code, message);
      case SandboxEvent.OperationRequested(var operation, var kind, var command) ->
          new OperationRequested(operation, kind.wireName(), command);
      case SandboxEvent.OperationEnded(var operation, var kind, var failure, var cancelled) ->
          new OperationEnded(
              operation, kind.wireName(), SandboxValueCodec.failure(failure), cancelled);
      case SandboxEvent.CommandStarted(var operation, var command) ->
          new CommandStarted(operation, command);
      case SandboxEvent.CommandCompleted(var operation, var result, var failure, var cancelled) ->
          new CommandCompleted(
              operation,
              SandboxValueCodec.result(result),
              SandboxValueCodec.failure(failure),
              cancelled);
      case SandboxEvent.GitDone(var operation, var result) ->
          GitValueCodec.record(operation, result);
      case SandboxEvent.Linked(var pullRequest) ->
          new SandboxLinked(pullRequest.repositoryId(), pullRequest.number());
      case SandboxEvent.GitFailed(var operation, var kind, var failure) ->
          new GitFailed(
              operation,
              kind.wireName(),
              Objects.requireNonNull(SandboxValueCodec.failure(failure)));
    };
  }
}
