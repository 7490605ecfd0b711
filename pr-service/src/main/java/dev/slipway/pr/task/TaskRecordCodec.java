package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.EventDecoder;
import dev.slipway.pr.task.TaskState.Repository;
import dev.slipway.schemas.task.AttemptBegun;
import dev.slipway.schemas.task.AttemptFailed;
import dev.slipway.schemas.task.BranchAdopted;
import dev.slipway.schemas.task.BranchMade;
import dev.slipway.schemas.task.BranchPushed;
import dev.slipway.schemas.task.ChangesCommitted;
import dev.slipway.schemas.task.CommandEnded;
import dev.slipway.schemas.task.OpeningAsked;
import dev.slipway.schemas.task.PullRequestChanged;
import dev.slipway.schemas.task.PullRequestLookedAt;
import dev.slipway.schemas.task.RepositoryCloned;
import dev.slipway.schemas.task.RepositoryRead;
import dev.slipway.schemas.task.SandboxAsked;
import dev.slipway.schemas.task.SandboxReady;
import dev.slipway.schemas.task.StrayClosed;
import dev.slipway.schemas.task.StrayFound;
import dev.slipway.schemas.task.TaskAssigned;
import dev.slipway.schemas.task.TaskCancelled;
import dev.slipway.schemas.task.TaskClosed;
import dev.slipway.schemas.task.TaskCreated;
import dev.slipway.schemas.task.TaskDone;
import dev.slipway.schemas.task.TaskFailed;
import dev.slipway.schemas.task.TaskInReview;
import dev.slipway.schemas.task.TaskRejected;
import dev.slipway.schemas.task.TaskRetried;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads records of `task.events` back: the other direction of [TaskEventCodec].
final class TaskRecordCodec implements EventDecoder<TaskEvent> {
  private final Deserializer<dev.slipway.schemas.task.TaskEvent> deserializer;

  TaskRecordCodec(Deserializer<dev.slipway.schemas.task.TaskEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<Recorded<TaskEvent>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    var value = deserializer.deserialize(record.topic(), record.headers(), record.value());
    String key = new String(record.key(), StandardCharsets.UTF_8);
    return Optional.of(
        new Recorded<>(
            new AggregateId(value.getContext().getTenant(), key),
            event(UUID.fromString(key), value),
            envelope.id()));
  }

  /// What a record says.
  static TaskEvent event(UUID task, dev.slipway.schemas.task.TaskEvent value) {
    return switch (value.getBody()) {
      case TaskCreated created ->
          new TaskEvent.Created(
              task,
              created.getRequestId(),
              TaskValueCodec.spec(created.getTask()),
              TaskValueCodec.owner(value.getContext()));
      case TaskAssigned assigned ->
          new TaskEvent.Assigned(assigned.getRequestId(), assigned.getAgentId());
      case TaskRetried retried -> new TaskEvent.Retried(retried.getRequestId());
      case OpeningAsked asked ->
          new TaskEvent.OpeningAsked(
              asked.getOperationId(),
              asked.getHead(),
              asked.getPullRequest() == null ? null : TaskValueCodec.texts(asked.getPullRequest()),
              asked.getBase(),
              asked.getLabels());
      case TaskInReview review -> new TaskEvent.InReview(required(value), review.getAdopted());
      case PullRequestChanged _ -> new TaskEvent.PullRequestChanged(required(value));
      case PullRequestLookedAt _ -> new TaskEvent.PullRequestLookedAt();
      case StrayFound found -> new TaskEvent.StrayFound(found.getNumber());
      case StrayClosed closed ->
          new TaskEvent.StrayClosed(closed.getNumber(), TaskValueCodec.failure(closed.getReason()));
      case TaskDone done ->
          new TaskEvent.Done(done.getOutcome(), TaskValueCodec.pullRequest(value.getPullRequest()));
      case TaskFailed _ -> new TaskEvent.Failed(failure(value));
      case TaskCancelled cancelled -> new TaskEvent.Cancelled(cancelled.getRequestId());
      case TaskClosed _ -> new TaskEvent.Closed(required(value));
      case TaskRejected rejected ->
          new TaskEvent.Rejected(rejected.getRequestId(), rejected.getCode(), rejected.getReason());
      default -> ofAttempt(value);
    };
  }

  private static TaskEvent ofAttempt(dev.slipway.schemas.task.TaskEvent value) {
    return switch (value.getBody()) {
      case AttemptBegun begun ->
          new TaskEvent.AttemptBegun(begun.getAttempt(), begun.getBranch(), begun.getSandboxId());
      case RepositoryRead read ->
          new TaskEvent.RepositoryRead(
              new Repository(
                  read.getRepositoryId(),
                  read.getFullName(),
                  read.getUrl(),
                  read.getDefaultBranch(),
                  read.getSizeKib()));
      case BranchAdopted adopted -> new TaskEvent.BranchAdopted(adopted.getSha());
      case SandboxAsked asked -> new TaskEvent.SandboxAsked(asked.getSandboxId());
      case SandboxReady _ -> new TaskEvent.SandboxReady();
      case RepositoryCloned cloned ->
          new TaskEvent.Cloned(cloned.getPath(), cloned.getBranch(), cloned.getSha());
      case BranchMade _ -> new TaskEvent.BranchMade();
      case CommandEnded ended -> new TaskEvent.CommandEnded(ended.getIndex());
      case ChangesCommitted committed ->
          new TaskEvent.Committed(
              committed.getTree(),
              committed.getSha(),
              committed.getParent(),
              committed.getFilesChanged(),
              base64(committed.getPatch()));
      case BranchPushed pushed -> new TaskEvent.Pushed(pushed.getSha());
      case AttemptFailed failed ->
          new TaskEvent.AttemptFailed(
              failure(value), Duration.ofMillis(failed.getRetryAfterMillis()));
      default -> throw new PermanentException("it is no event that this build knows", null);
    };
  }

  static @Nullable String base64(@Nullable ByteBuffer bytes) {
    return bytes == null
        ? null
        : StandardCharsets.US_ASCII
            .decode(Base64.getEncoder().encode(bytes.duplicate()))
            .toString();
  }

  private static TaskPullRequest required(dev.slipway.schemas.task.TaskEvent value) {
    TaskPullRequest pullRequest = TaskValueCodec.pullRequest(value.getPullRequest());
    if (pullRequest == null) {
      throw new PermanentException("it tells of no pull request", null);
    }
    return pullRequest;
  }

  private static TaskFailure failure(dev.slipway.schemas.task.TaskEvent value) {
    TaskFailure failure = TaskValueCodec.failure(value.getFailure());
    if (failure == null) {
      throw new PermanentException("it tells of no failure", null);
    }
    return failure;
  }
}
