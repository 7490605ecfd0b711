package dev.slipway.pr.task;

import dev.slipway.pr.task.TaskState.Asked;
import dev.slipway.pr.task.TaskState.Stray;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What events make of a task: total and without checks. Pure.
final class TaskFold {
  private static final int MOST_REQUESTS = 20;

  private TaskFold() {}

  static TaskState evolve(TaskState state, TaskEvent event, Instant at) {
    return apply(state.with(new TaskPart.Times(state.times().updated(at))), event, at);
  }

  private static TaskState apply(TaskState state, TaskEvent event, Instant at) {
    TaskState.Times times = state.times();
    return switch (event) {
      case TaskEvent.Created(var task, var request, var spec, var owner) ->
          state.with(
              new TaskPart.Status(TaskStatus.TODO),
              new TaskPart.Made(task, request, spec),
              new TaskPart.Owner(owner),
              new TaskPart.Times(times.created(at, owner.agentId() == null ? null : at)));
      case TaskEvent.Assigned(var request, var agentId) ->
          remembering(request, begun(state, at))
              .with(
                  new TaskPart.Owner(state.owner().assigned(agentId)),
                  new TaskPart.Times(times.began(at).assigned(at)));
      case TaskEvent.Retried(var request) ->
          remembering(request, begun(state, at))
              .with(
                  new TaskPart.Work(state.work().asking(null)),
                  new TaskPart.Attempted(state.attempt().fresh()));
      case TaskEvent.OpeningAsked(var operation, var head, var texts, var base, var labels) ->
          remembering(operation, begun(state, at))
              .with(
                  new TaskPart.Attempted(state.attempt().opening(operation)),
                  new TaskPart.Work(state.work().asking(new Asked(head, texts, base, labels))));
      case TaskEvent.Rejected(var request, _, _) -> remembering(request, state);
      case TaskEvent.InReview(var pullRequest, _) ->
          state.with(
              new TaskPart.Status(TaskStatus.IN_REVIEW),
              new TaskPart.PullRequest(pullRequest),
              new TaskPart.Attempted(state.attempt().over()),
              new TaskPart.Outcome(null),
              new TaskPart.Failure(null),
              new TaskPart.Times(times.reviewed(at)));
      case TaskEvent.PullRequestChanged(var pullRequest) ->
          state.with(new TaskPart.PullRequest(pullRequest));
      case TaskEvent.PullRequestLookedAt _ -> state.with(new TaskPart.Times(times.reviewed(at)));
      case TaskEvent.StrayFound(var number) ->
          state.with(new TaskPart.Strays(and(state.strays(), new Stray(number, false))));
      case TaskEvent.StrayClosed(var number, _) -> state.with(settled(state.strays(), number));
      default -> ended(state, event, at);
    };
  }

  private static TaskState begun(TaskState state, Instant at) {
    return state.with(
        new TaskPart.Status(TaskStatus.IN_PROGRESS),
        new TaskPart.Times(state.times().began(at)),
        new TaskPart.Outcome(null),
        new TaskPart.Failure(null));
  }

  private static TaskPart settled(List<Stray> strays, long number) {
    return new TaskPart.Strays(
        strays.stream()
            .map(stray -> stray.number() == number ? new Stray(number, true) : stray)
            .toList());
  }

  private static TaskState ended(TaskState state, TaskEvent event, Instant at) {
    return switch (event) {
      case TaskEvent.Done(var outcome, var pullRequest) -> {
        TaskState done = over(state, TaskStatus.DONE, outcome, at).with(new TaskPart.Failure(null));
        yield pullRequest == null ? done : done.with(new TaskPart.PullRequest(pullRequest));
      }
      case TaskEvent.Closed(var pullRequest) ->
          over(state, TaskStatus.CLOSED, "closed", at)
              .with(new TaskPart.PullRequest(pullRequest), new TaskPart.Failure(null));
      case TaskEvent.Failed(var failure) ->
          over(state, TaskStatus.FAILED, "failed", at)
              .with(
                  new TaskPart.Failure(failure),
                  new TaskPart.Times(state.times().finished(at).failed(at)));
      case TaskEvent.Cancelled(var request) ->
          remembering(
              request,
              over(state, TaskStatus.CANCELLED, "cancelled", at).with(new TaskPart.Failure(null)));
      default -> attempted(state, event, at);
    };
  }

  private static TaskState over(TaskState state, TaskStatus status, String outcome, Instant at) {
    return state.with(
        new TaskPart.Status(status),
        new TaskPart.Attempted(state.attempt().over()),
        new TaskPart.Outcome(outcome),
        new TaskPart.Times(state.times().finished(at)));
  }

  private static TaskState attempted(TaskState state, TaskEvent event, Instant at) {
    TaskState.Progress attempt = state.attempt();
    TaskState.Work work = state.work();
    return switch (event) {
      case TaskEvent.AttemptBegun(var number, var branch, var sandbox) ->
          with(state, attempt.next(number, sandbox), work.on(branch));
      case TaskEvent.RepositoryRead(var repository) ->
          with(state, begunCloning(attempt.looked()), work)
              .with(new TaskPart.Repository(repository));
      case TaskEvent.BranchAdopted(var sha) ->
          with(state, attempt.opening(opening(state)), work.adopted(sha));
      case TaskEvent.SandboxAsked(var sandbox) -> with(state, attempt.in(sandbox), work);
      case TaskEvent.SandboxReady _ -> with(state, begunCloning(attempt.running()), work);
      case TaskEvent.Cloned(_, var branch, var sha) ->
          with(state, attempt.at(TaskStep.BRANCHING), work.from(branch, sha));
      case TaskEvent.BranchMade _ -> with(state, attempt.at(TaskStep.RUNNING), work);
      case TaskEvent.CommandEnded(var index) -> {
        TaskState.Progress did = attempt.did(index + 1);
        yield with(state, index + 1 < lines(state) ? did : did.at(TaskStep.COMMITTING), work);
      }
      case TaskEvent.Committed committed ->
          with(state, attempt.at(TaskStep.PUSHING), committed(work, committed));
      case TaskEvent.Pushed(var sha) ->
          with(state, attempt.opening(opening(state)), work.pushed(sha));
      case TaskEvent.AttemptFailed(var failure, var retryAfter) ->
          with(state, attempt.waiting(at.plus(retryAfter)), work)
              .with(new TaskPart.Failure(failure), new TaskPart.Times(state.times().failed(at)));
      default -> throw new IllegalStateException("an event that is not of an attempt: " + event);
    };
  }

  private static TaskState with(TaskState state, TaskState.Progress attempt, TaskState.Work work) {
    return state.with(new TaskPart.Attempted(attempt), new TaskPart.Work(work));
  }

  private static TaskState.Progress begunCloning(TaskState.Progress attempt) {
    return attempt.step() == TaskStep.CREATING_SANDBOX
            && attempt.surveyed()
            && attempt.sandboxRuns()
        ? attempt.at(TaskStep.CLONING)
        : attempt;
  }

  private static TaskState.Work committed(TaskState.Work work, TaskEvent.Committed committed) {
    return new TaskState.Work(
        work.branch(),
        work.baseBranch(),
        work.baseSha(),
        committed.tree(),
        committed.sha(),
        committed.patch(),
        false,
        and(work.shas(), committed.sha()),
        work.asked());
  }

  private static UUID opening(TaskState state) {
    return TaskIds.opening(state.requireId(), state.attempt().number());
  }

  private static int lines(TaskState state) {
    TaskSpec spec = state.spec();
    return spec == null ? 0 : spec.runner().lines().size();
  }

  private static TaskState remembering(@Nullable UUID request, TaskState state) {
    if (request == null) {
      return state;
    }
    List<UUID> all = and(state.requests(), request);
    return state.with(
        new TaskPart.Remembered(all.subList(Math.max(0, all.size() - MOST_REQUESTS), all.size())));
  }

  private static <T> List<T> and(List<T> list, T one) {
    var all = new ArrayList<>(list);
    all.add(one);
    return all;
  }
}
