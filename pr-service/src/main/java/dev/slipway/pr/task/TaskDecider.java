package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import java.util.UUID;

/// Decides on tasks.
///
/// | state | comes to | by |
/// |---|---|---|
/// | NONE | TODO, and IN_PROGRESS at once if it is to start | a wish for it |
/// | TODO | IN_PROGRESS | its assignment, or a wish for its pull request |
/// | TODO | CANCELLED | nobody in time |
/// | IN_PROGRESS | IN_REVIEW | its pull request |
/// | IN_PROGRESS | DONE, CLOSED | its pull request, when that was merged or closed by then; nothing to change |
/// | IN_PROGRESS | FAILED | what failed; its time |
/// | IN_REVIEW, CLOSED | DONE | the merge |
/// | IN_REVIEW | CLOSED, and back | the closing, the reopening |
/// | TODO, IN_PROGRESS, IN_REVIEW | CANCELLED | a wish |
/// | FAILED, CANCELLED | IN_PROGRESS | a wish, as long as there was no pull request |
///
/// See [Wishes], [Attempts], [Reviews] and [Endings]. Outcomes and events arrive in any order, late
/// and more than once: what is not of what is being done changes nothing.
final class TaskDecider implements Decider<TaskState, TaskInput, TaskEvent> {
  private final TaskRules rules;

  TaskDecider(TaskRules rules) {
    this.rules = rules;
  }

  @Override
  public TaskState initial() {
    return TaskState.NONE;
  }

  @Override
  public Decision<TaskEvent> decide(TaskState state, TaskInput input) {
    return switch (input) {
      case TaskInput.Create create -> Wishes.create(state, create, rules);
      case TaskInput.Refused(var request, var message) -> Wishes.invalid(state, request, message);
      case TaskInput.IdTaken(var request) -> Wishes.idTaken(state, request);
      case TaskInput.Assign assign -> Wishes.assign(state, assign, rules);
      case TaskInput.Cancel(var request) -> Wishes.cancel(state, request);
      case TaskInput.Retry retry -> Wishes.retry(state, retry, rules);
      case TaskInput.Open open -> Wishes.open(state, open);
      case TaskInput.CancelOperation(var operation) ->
          isUnderWay(state, operation)
              ? Decision.<TaskEvent>nothing().cancelling(operation)
              : Decision.rejection();
      case TaskInput.Due(var name) -> due(state, name);
      case TaskInput.Surveyed surveyed -> Attempts.surveyed(state, surveyed);
      case TaskInput.Told told -> Attempts.told(state, told, rules);
      case TaskInput.Opened opened -> Reviews.opened(state, opened);
      case TaskInput.Read read -> Reviews.read(state, read);
      case TaskInput.Seen(var pullRequest) -> Reviews.seen(state, pullRequest);
      case TaskInput.OperationCancelled(var operation) ->
          operationFailed(
              state,
              operation,
              TaskFailure.lasting(
                  "cancelled", "Somebody cancelled what it was doing: retry if it was not meant."));
      case TaskInput.OperationFailed(var operation, var failure) ->
          operationFailed(state, operation, failure);
    };
  }

  private Decision<TaskEvent> due(TaskState state, String name) {
    return switch (name) {
      case TaskDeadlines.TODO ->
          state.status() == TaskStatus.TODO
              ? Decision.of(new TaskEvent.Cancelled(null))
              : Decision.nothing();
      case TaskDeadlines.BUDGET ->
          state.status() == TaskStatus.IN_PROGRESS
              ? Endings.failed(state, overdue(state))
              : Decision.nothing();
      case TaskDeadlines.RETRY ->
          state.status() == TaskStatus.IN_PROGRESS && !state.isTrying()
              ? Attempts.again(state, rules)
              : Decision.nothing();
      case TaskDeadlines.REVIEW -> Reviews.look(state);
      default -> Decision.nothing(); // of an earlier build
    };
  }

  private static TaskFailure overdue(TaskState state) {
    TaskFailure before = state.failure();
    return TaskFailure.lasting(
        "timeout",
        "It was not done within %d seconds%s: give it more as timeout_seconds."
            .formatted(
                state.requireSpec().timeoutSeconds(),
                before == null ? "" : ", and before that: " + before.message()));
  }

  private Decision<TaskEvent> operationFailed(
      TaskState state, UUID operation, TaskFailure failure) {
    boolean isUnderWay = isUnderWay(state, operation);
    boolean isOpening = operation.equals(state.attempt().opening());
    if (isUnderWay && isOpening && state.work().asked() != null) {
      return Endings.failed(state, failure); // nobody has asked for more than that
    }
    return isUnderWay
        ? Endings.attemptFailed(state, failure, rules)
        : Reviews.closed(state, operation, failure);
  }

  private static boolean isUnderWay(TaskState state, UUID operation) {
    TaskState.Progress attempt = state.attempt();
    return state.isTrying()
        && (operation.equals(attempt.opening())
            || (!attempt.surveyed()
                && operation.equals(TaskIds.survey(state.requireId(), attempt.number()))));
  }

  @Override
  public TaskState evolve(TaskState state, Numbered<TaskEvent> event) {
    return TaskFold.evolve(state, event.event(), event.at());
  }
}
