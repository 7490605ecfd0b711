package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.task.AttemptBegun;
import dev.slipway.schemas.task.AttemptFailed;
import dev.slipway.schemas.task.BranchAdopted;
import dev.slipway.schemas.task.BranchMade;
import dev.slipway.schemas.task.BranchPushed;
import dev.slipway.schemas.task.CancelTask;
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
import dev.slipway.schemas.task.TaskCommand;
import dev.slipway.schemas.task.TaskCreated;
import dev.slipway.schemas.task.TaskDone;
import dev.slipway.schemas.task.TaskFailed;
import dev.slipway.schemas.task.TaskInReview;
import dev.slipway.schemas.task.TaskRejected;
import dev.slipway.schemas.task.TaskRetried;
import dev.slipway.schemas.task.TaskStatus;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serializer;

/// Writes records of `task.events`.
final class TaskEventCodec implements EventCodec<TaskState, TaskEvent> {
  static final String SOURCE = "pr-service";

  private final Serializer<dev.slipway.schemas.task.TaskEvent> events;
  private final Serializer<TaskCommand> commands;
  private final String eventsTopic;
  private final String commandsTopic;

  /// Writes with serialisers that are configured.
  ///
  /// @param commands of the topic that the stage reads: whoever writes there finds its schema in
  ///   the registry
  /// @param eventsTopic the name that the cluster knows the topic by
  /// @param commandsTopic likewise
  TaskEventCodec(
      Serializer<dev.slipway.schemas.task.TaskEvent> events,
      Serializer<TaskCommand> commands,
      String eventsTopic,
      String commandsTopic) {
    this.events = events;
    this.commands = commands;
    this.eventsTopic = eventsTopic;
    this.commandsTopic = commandsTopic;
  }

  @Override
  public Topic topic() {
    return Topics.TASK_EVENTS;
  }

  @Override
  public String source() {
    return SOURCE;
  }

  @Override
  public String type(TaskEvent event) {
    return switch (event) {
      case TaskEvent.Created _ -> "task.created";
      case TaskEvent.Assigned _ -> "task.assigned";
      case TaskEvent.Retried _ -> "task.retried";
      case TaskEvent.InReview _ -> "task.in_review";
      case TaskEvent.Done _ -> "task.done";
      case TaskEvent.Failed _ -> "task.failed";
      case TaskEvent.Cancelled _ -> "task.cancelled";
      case TaskEvent.Closed _ -> "task.closed";
      case TaskEvent.Rejected _ -> "task.rejected";
      default -> "task.step";
    };
  }

  @Override
  public byte[] encode(AggregateId id, TaskState after, Numbered<TaskEvent> event) {
    UUID sandbox = after.attempt().sandboxId();
    TaskStep step = after.attempt().step();
    var value =
        new dev.slipway.schemas.task.TaskEvent(
            TaskValueCodec.context(
                id.tenant(), id.key(), sandbox == null ? null : sandbox.toString(), after.owner()),
            TaskStatus.valueOf(after.status().name()),
            step == null ? null : dev.slipway.schemas.task.TaskStep.valueOf(step.name()),
            after.percent(),
            TaskMessages.of(after, event.event()),
            TaskValueCodec.pullRequest(after.pullRequest()),
            TaskValueCodec.failure(after.failure()),
            body(event.event()));
    return Objects.requireNonNull(events.serialize(eventsTopic, value));
  }

  /// Asks the registry for the schemas' ids, so that no decision has to wait for them.
  @Override
  public void prepare() {
    var _ =
        encode(
            new AggregateId("", ""),
            TaskState.NONE,
            new Numbered<>(new TaskEvent.BranchMade(), null, 0, Instant.EPOCH, new UUID(0, 0)));
    var _ =
        commands.serialize(
            commandsTopic,
            new TaskCommand(
                TaskValueCodec.context("", null, null, TaskOwner.NONE), new CancelTask()));
  }

  private static Object body(TaskEvent event) {
    return switch (event) {
      case TaskEvent.Created(_, var request, var spec, _) ->
          new TaskCreated(request, TaskValueCodec.spec(spec, false));
      case TaskEvent.Assigned(var request, var agent) -> new TaskAssigned(request, agent);
      case TaskEvent.Retried(var request) -> new TaskRetried(request);
      case TaskEvent.AttemptBegun(var number, var branch, var sandbox) ->
          new AttemptBegun(number, branch, sandbox);
      case TaskEvent.RepositoryRead(var read) ->
          new RepositoryRead(
              read.id(), read.fullName(), read.url(), read.defaultBranch(), read.sizeKib());
      case TaskEvent.BranchAdopted(var sha) -> new BranchAdopted(sha);
      case TaskEvent.SandboxAsked(var sandbox) -> new SandboxAsked(sandbox);
      case TaskEvent.SandboxReady _ -> new SandboxReady();
      case TaskEvent.Cloned(var path, var branch, var sha) ->
          new RepositoryCloned(path, branch, sha);
      case TaskEvent.BranchMade _ -> new BranchMade();
      case TaskEvent.CommandEnded(var index) -> new CommandEnded(index);
      case TaskEvent.Committed(var tree, var sha, var parent, var files, var patch) ->
          new ChangesCommitted(
              tree,
              sha,
              parent,
              files,
              patch == null ? null : ByteBuffer.wrap(Base64.getDecoder().decode(patch)));
      case TaskEvent.Pushed(var sha) -> new BranchPushed(sha);
      case TaskEvent.OpeningAsked(var operation, var head, var texts, var base, var labels) ->
          new OpeningAsked(
              operation, head, texts == null ? null : TaskValueCodec.texts(texts), base, labels);
      case TaskEvent.AttemptFailed(_, var retryAfter) -> new AttemptFailed(retryAfter.toMillis());
      case TaskEvent.InReview(_, var adopted) -> new TaskInReview(adopted);
      case TaskEvent.PullRequestChanged _ -> new PullRequestChanged();
      case TaskEvent.PullRequestLookedAt _ -> new PullRequestLookedAt();
      case TaskEvent.StrayFound(var number) -> new StrayFound(number);
      case TaskEvent.StrayClosed(var number, var reason) ->
          new StrayClosed(number, TaskValueCodec.failure(reason));
      case TaskEvent.Done(var outcome, _) -> new TaskDone(outcome);
      case TaskEvent.Failed _ -> new TaskFailed();
      case TaskEvent.Cancelled(var request) -> new TaskCancelled(request);
      case TaskEvent.Closed _ -> new TaskClosed();
      case TaskEvent.Rejected(var request, var code, var reason) ->
          new TaskRejected(request, code, reason);
    };
  }
}
