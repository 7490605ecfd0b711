package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.stage.FailedOperation;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.observation.ObservationCodec;
import dev.slipway.pr.task.TaskState.Repository;
import dev.slipway.schemas.Topics;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// `pr-service.tasks`: tasks, from wishes on `task.commands` and over HTTP to the end of their pull
/// requests.
final class TaskStage {
  static final String NAME = "pr-service.tasks";

  private static final String SANDBOX = "sandbox";
  private static final String NUMBER = "number";
  private static final String HEAD = "head";

  /// The head of one that has ended without a pull request: those that were told of before, and
  /// that might have become its own, are looked at once more.
  private static final String LEFT = "left";

  private TaskStage() {}

  /// Who reads and writes its records.
  record Codecs(
      TaskCommandCodec commands,
      TaskSandboxCodec sandboxes,
      TaskPullRequestCodec pullRequests,
      TaskEventCodec events,
      TaskRecordCodec recorded,
      SandboxWishCodec wishes,
      ObservationCodec observations) {}

  static Stage<TaskState, TaskInput, TaskEvent> of(
      TaskRules rules, TaskDeadlines deadlines, Codecs codecs) {
    return Stage.named(NAME, new TaskDecider(rules), new TaskStore(codecs.events::type))
        .reads(Topics.TASK_COMMANDS, codecs.commands)
        .reads(Topics.SANDBOX_EVENTS, codecs.sandboxes)
        .reads(Topics.PULL_REQUEST_EVENTS, codecs.pullRequests)
        .publishes(codecs.events)
        .rebuiltFrom(codecs.recorded)
        .sends(SandboxWish.class, codecs.wishes)
        .sends(Observation.class, codecs.observations)
        .operates(TaskOperation.class, new TaskOperationCodec(), TaskStage::failed)
        .waits(deadlines::of, (name, _) -> new TaskInput.Due(name))
        .linked(
            TaskStage::links,
            Map.of(
                NUMBER, FoundStore.BY_NUMBER, HEAD, FoundStore.BY_HEAD, LEFT, FoundStore.BY_HEAD))
        .tellsOfConflicts(input ->
            input instanceof TaskInput.Create create
                ? Optional.of(new TaskInput.IdTaken(create.request()))
                : Optional.empty())
        .deadLetters(Topics.TASKS_DEAD_LETTERS);
  }

  private static Optional<TaskInput> failed(FailedOperation operation) {
    return Optional.of(
        new TaskInput.OperationFailed(
            operation.id(),
            new TaskFailure(
                operation.failure().code(),
                operation.failure().message(),
                operation.failure().retryable())));
  }

  static Link ofSandbox(String tenant, UUID sandbox) {
    return new Link(tenant, SANDBOX, sandbox.toString(), false);
  }

  static Link ofHead(String tenant, long repository, String branch) {
    return new Link(tenant, HEAD, repository + "#" + branch, false);
  }

  static Link ofNumber(String tenant, long repository, long number) {
    return new Link(tenant, NUMBER, repository + "#" + number, false);
  }

  private static Set<Link> links(AggregateId id, TaskState state) {
    var links = new HashSet<Link>();
    UUID sandbox = state.attempt().sandboxId();
    if (sandbox != null && state.status() == TaskStatus.IN_PROGRESS) {
      links.add(ofSandbox(id.tenant(), sandbox));
    }
    Repository repository = state.repository();
    String branch = state.work().branch();
    if (repository != null && branch != null) {
      links.add(ofHead(id.tenant(), repository.id(), branch));
      if (state.status().isOver() && state.pullRequest() == null) {
        links.add(new Link(id.tenant(), LEFT, repository.id() + "#" + branch, false));
      }
    }
    if (repository != null && state.pullRequest() != null) {
      links.add(ofNumber(id.tenant(), repository.id(), state.pullRequest().number()));
    }
    return links;
  }
}
