package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pr.task.TaskState.Repository;
import java.time.Duration;
import java.util.UUID;

/// How tasks end, and what is cleared away with them: operations that are under way, the sandbox,
/// pull requests that are not the task's. Pure.
final class Endings {
  private Endings() {}

  static Decision<TaskEvent> done(TaskState state, String outcome) {
    return cleared(state, Decision.of(new TaskEvent.Done(outcome, null)), false);
  }

  /// As what has become of its pull request says.
  static Decision<TaskEvent> by(TaskState state, TaskPullRequest found) {
    return cleared(state, Decision.of(event(found)), false);
  }

  /// That a pull request that is not open has ended its task.
  static TaskEvent event(TaskPullRequest found) {
    return switch (found.state()) {
      case MERGED -> new TaskEvent.Done("merged", found);
      case CLOSED -> new TaskEvent.Closed(found);
      case OPEN -> throw new IllegalArgumentException("an open pull request ends nothing");
    };
  }

  static Decision<TaskEvent> failed(TaskState state, TaskFailure failure) {
    return cleared(state, Decision.of(new TaskEvent.Failed(failure)), false);
  }

  /// Tried again after a while, if it may pass and was not tried too often; else it has failed.
  static Decision<TaskEvent> attemptFailed(TaskState state, TaskFailure failure, TaskRules rules) {
    int tries = state.attempt().tries();
    boolean isFull = failure.code().equals("quota_exceeded");
    if (!failure.retryable() || (tries >= rules.attempts() && !isFull)) {
      return failed(state, failure);
    }
    // for a place it waits as long as it may: others end, and nothing was tried that could go wrong
    return again(state, failure, isFull ? rules.maxBackoff() : rules.backoff(tries));
  }

  /// Tried again after so long, however often it was.
  static Decision<TaskEvent> again(TaskState state, TaskFailure failure, Duration after) {
    return cleared(state, Decision.of(new TaskEvent.AttemptFailed(failure, after)), false);
  }

  /// With what was being done no longer wanted.
  ///
  /// @param cancelled whether the task was
  static Decision<TaskEvent> cleared(
      TaskState state, Decision<TaskEvent> decision, boolean cancelled) {
    Decision<TaskEvent> all = decision;
    TaskState.Progress attempt = state.attempt();
    if (state.isTrying()) {
      if (!attempt.surveyed()) {
        all = all.cancelling(TaskIds.survey(state.requireId(), attempt.number()));
      }
      if (attempt.opening() != null) {
        all = all.cancelling(attempt.opening());
      }
    }
    UUID sandbox = attempt.sandboxId();
    boolean isEnded = attempt.retryAt() != null; // it was ended when the attempt had failed
    return sandbox == null || isEnded
        ? all
        : all.with(new SandboxWish.Terminate(sandbox, state.owner(), cancelled));
  }

  /// A pull request of its branch that is not its own: closed, once.
  static Decision<TaskEvent> stray(TaskState state, TaskPullRequest found) {
    Repository repository = state.repository();
    if (!found.isOpen() || state.hasStray(found.number()) || repository == null) {
      return Decision.nothing();
    }
    TaskPullRequest own = state.pullRequest();
    String why =
        own == null
            ? "The task of this branch has ended without a pull request."
            : "#%d is the pull request of this branch's task, which has one."
                .formatted(own.number());
    return Decision.<TaskEvent>of(new TaskEvent.StrayFound(found.number()))
        .with(closing(state, repository, found.number(), why));
  }

  static TaskOperation closing(TaskState state, Repository repository, long number, String reason) {
    return new TaskOperation.Close(
        TaskIds.closing(state.requireId(), number),
        repository.fullName(),
        repository.id(),
        number,
        reason);
  }
}
