package dev.slipway.pr.task;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.RecordKey;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.schemas.sandbox.CommandCompleted;
import dev.slipway.schemas.sandbox.CommandResult;
import dev.slipway.schemas.sandbox.Failure;
import dev.slipway.schemas.sandbox.GitBranchCreated;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitCommitted;
import dev.slipway.schemas.sandbox.GitFailed;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.KillReason;
import dev.slipway.schemas.sandbox.OperationEnded;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.sandbox.SandboxFailed;
import dev.slipway.schemas.sandbox.SandboxRejected;
import dev.slipway.schemas.sandbox.SandboxRunning;
import dev.slipway.schemas.sandbox.SandboxTerminated;
import dev.slipway.schemas.sandbox.SandboxTerminating;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/// Reads those records of `sandbox.events` that tasks wait for: each is told to the task that asked
/// for the sandbox, if one did.
final class TaskSandboxCodec implements RecordDecoder<TaskInput> {
  private static final Set<String> TYPES =
      Set.of(
          "sandbox.running",
          "sandbox.failed",
          "sandbox.terminating",
          "sandbox.terminated",
          "sandbox.rejected",
          "operation.ended",
          "command.completed",
          "git.cloned",
          "git.branch_created",
          "git.committed",
          "git.pushed",
          "git.failed");

  private final Deserializer<SandboxEvent> deserializer;

  TaskSandboxCodec(Deserializer<SandboxEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<Input<TaskInput>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (!TYPES.contains(envelope.type())) {
      return Optional.empty();
    }
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    SandboxEvent event = deserializer.deserialize(record.topic(), record.headers(), record.value());
    UUID sandbox = RecordKey.uuid(record.key(), "sandbox");
    return Optional.of(
        Input.toLinked(
            TaskStage.ofSandbox(event.getContext().getTenant(), sandbox),
            new TaskInput.Told(sandbox, telling(event.getBody()))));
  }

  /// What a record's body says.
  static SandboxTelling telling(Object body) {
    return switch (body) {
      case SandboxRunning _ -> new SandboxTelling.Runs();
      case SandboxFailed failed -> new SandboxTelling.NotMade(failure(failed.getFailure()));
      case SandboxTerminated terminated -> ended(terminated.getReason());
      // before anything that follows from it: what still waits there is told to be lost
      case SandboxTerminating terminating -> ended(terminating.getReason());
      case OperationEnded ended -> new SandboxTelling.Abandoned(ended.getOperationId());
      case SandboxRejected rejected ->
          new SandboxTelling.Refused(
              rejected.getOperationId(), rejected.getCode(), rejected.getMessage());
      case CommandCompleted completed -> ended(completed);
      case GitCloned cloned ->
          new SandboxTelling.Cloned(
              cloned.getOperationId(), cloned.getPath(), cloned.getBranch(), cloned.getHeadSha());
      case GitBranchCreated created -> new SandboxTelling.BranchMade(created.getOperationId());
      case GitCommitted committed ->
          new SandboxTelling.Committed(
              committed.getOperationId(),
              committed.getTree(),
              committed.getSha(),
              committed.getParent(),
              committed.getFilesChanged(),
              TaskRecordCodec.base64(committed.getPatch()));
      case GitPushed pushed -> new SandboxTelling.Pushed(pushed.getOperationId(), pushed.getSha());
      case GitFailed failed ->
          new SandboxTelling.GitFailed(failed.getOperationId(), failure(failed.getFailure()));
      default -> throw new PermanentException("its body is not what its ce_type says", null);
    };
  }

  private static SandboxTelling ended(KillReason reason) {
    return new SandboxTelling.Ended(reason.name().toLowerCase(Locale.ROOT));
  }

  private static SandboxTelling ended(CommandCompleted completed) {
    CommandResult result = completed.getResult();
    Failure failure = completed.getFailure();
    return new SandboxTelling.CommandEnded(
        completed.getOperationId(),
        result == null ? null : result.getExitCode(),
        result == null ? null : result.getTail(),
        failure == null ? null : failure(failure),
        completed.getCancelled());
  }

  private static TaskFailure failure(Failure failure) {
    return new TaskFailure(failure.getCode(), failure.getMessage(), failure.getRetryable());
  }
}
