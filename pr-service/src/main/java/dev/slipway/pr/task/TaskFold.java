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
    var draft = new Draft(state);
    draft.times = draft.times.updated(at);
    apply(draft, event, at);
    return draft.done();
  }

  private static void apply(Draft draft, TaskEvent event, Instant at) {
    switch (event) {
      case TaskEvent.Created(var task, var request, var spec, var owner) -> {
        draft.status = TaskStatus.TODO;
        draft.id = task;
        draft.creation = request;
        draft.spec = spec;
        draft.owner = owner;
        draft.times = draft.times.created(at, owner.agentId() == null ? null : at);
      }
      case TaskEvent.Assigned(var request, var agentId) -> {
        begin(draft, at);
        draft.owner = draft.owner.assigned(agentId);
        draft.times = draft.times.assigned(at);
        remember(draft, request);
      }
      case TaskEvent.Retried(var request) -> {
        begin(draft, at);
        draft.work = draft.work.asking(null);
        draft.attempt = draft.attempt.fresh();
        remember(draft, request);
      }
      case TaskEvent.OpeningAsked(var operation, var head, var texts, var base, var labels) -> {
        begin(draft, at);
        draft.attempt = draft.attempt.opening(operation);
        draft.work = draft.work.asking(new Asked(head, texts, base, labels));
        remember(draft, operation);
      }
      case TaskEvent.Rejected(var request, _, _) -> remember(draft, request);
      case TaskEvent.InReview(var pullRequest, _) -> {
        draft.status = TaskStatus.IN_REVIEW;
        draft.pullRequest = pullRequest;
        draft.attempt = draft.attempt.over();
        draft.outcome = null;
        draft.failure = null;
        draft.times = draft.times.reviewed(at);
      }
      case TaskEvent.PullRequestChanged(var pullRequest) -> draft.pullRequest = pullRequest;
      case TaskEvent.PullRequestLookedAt _ -> draft.times = draft.times.reviewed(at);
      case TaskEvent.StrayFound(var number) ->
          draft.strays = and(draft.strays, new Stray(number, false));
      case TaskEvent.StrayClosed(var number, _) ->
          draft.strays =
              draft.strays.stream()
                  .map(stray -> stray.number() == number ? new Stray(number, true) : stray)
                  .toList();
      case TaskEvent.Done(var outcome, var pullRequest) -> {
        end(draft, TaskStatus.DONE, outcome, at);
        draft.pullRequest = pullRequest == null ? draft.pullRequest : pullRequest;
        draft.failure = null;
      }
      case TaskEvent.Closed(var pullRequest) -> {
        end(draft, TaskStatus.CLOSED, "closed", at);
        draft.pullRequest = pullRequest;
        draft.failure = null;
      }
      case TaskEvent.Failed(var failure) -> {
        end(draft, TaskStatus.FAILED, "failed", at);
        draft.failure = failure;
        draft.times = draft.times.failed(at);
      }
      case TaskEvent.Cancelled(var request) -> {
        end(draft, TaskStatus.CANCELLED, "cancelled", at);
        draft.failure = null;
        remember(draft, request);
      }
      default -> attempt(draft, event, at);
    }
  }

  private static void begin(Draft draft, Instant at) {
    draft.status = TaskStatus.IN_PROGRESS;
    draft.times = draft.times.began(at);
    draft.outcome = null;
    draft.failure = null;
  }

  private static void end(Draft draft, TaskStatus status, String outcome, Instant at) {
    draft.status = status;
    draft.attempt = draft.attempt.over();
    draft.outcome = outcome;
    draft.times = draft.times.finished(at);
  }

  private static void attempt(Draft draft, TaskEvent event, Instant at) {
    TaskState.Progress attempt = draft.attempt;
    switch (event) {
      case TaskEvent.AttemptBegun(var number, var branch, var sandbox) -> {
        draft.work = draft.work.on(branch);
        draft.attempt = attempt.next(number, sandbox);
      }
      case TaskEvent.RepositoryRead(var repository) -> {
        draft.repository = repository;
        draft.attempt = begunCloning(attempt.looked());
      }
      case TaskEvent.BranchAdopted(var sha) -> {
        draft.work = draft.work.adopted(sha);
        draft.attempt = attempt.opening(opening(draft));
      }
      case TaskEvent.SandboxAsked(var sandbox) -> draft.attempt = attempt.in(sandbox);
      case TaskEvent.SandboxReady _ -> draft.attempt = begunCloning(attempt.running());
      case TaskEvent.Cloned(_, var branch, var sha) -> {
        draft.work = draft.work.from(branch, sha);
        draft.attempt = attempt.at(TaskStep.BRANCHING);
      }
      case TaskEvent.BranchMade _ -> draft.attempt = attempt.at(TaskStep.RUNNING);
      case TaskEvent.CommandEnded(var index) -> {
        int ended = index + 1;
        draft.attempt =
            ended < lines(draft) ? attempt.did(ended) : attempt.did(ended).at(TaskStep.COMMITTING);
      }
      case TaskEvent.Committed committed -> {
        draft.work = committed(draft.work, committed);
        draft.attempt = attempt.at(TaskStep.PUSHING);
      }
      case TaskEvent.Pushed(var sha) -> {
        draft.work = draft.work.pushed(sha);
        draft.attempt = attempt.opening(opening(draft));
      }
      case TaskEvent.AttemptFailed(var failure, var retryAfter) -> {
        draft.failure = failure;
        draft.times = draft.times.failed(at);
        draft.attempt = attempt.waiting(at.plus(retryAfter));
      }
      default -> throw new IllegalStateException("an event that is not of an attempt: " + event);
    }
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

  private static UUID opening(Draft draft) {
    if (draft.id == null) {
      throw new IllegalStateException("a task that nobody asked for");
    }
    return TaskIds.opening(draft.id, draft.attempt.number());
  }

  private static int lines(Draft draft) {
    return draft.spec == null ? 0 : draft.spec.runner().lines().size();
  }

  private static void remember(Draft draft, @Nullable UUID request) {
    if (request != null) {
      List<UUID> all = and(draft.requests, request);
      draft.requests = all.subList(Math.max(0, all.size() - MOST_REQUESTS), all.size());
    }
  }

  private static <T> List<T> and(List<T> list, T one) {
    var all = new ArrayList<>(list);
    all.add(one);
    return all;
  }

  /// Of which some is to be changed.
  private static final class Draft {
    // CONFINED: to the event that is folded, as all that follow
    private TaskStatus status;
    private @Nullable UUID id;
    private @Nullable UUID creation;
    private @Nullable TaskSpec spec;
    private TaskOwner owner;
    private TaskState.Progress attempt;
    private TaskState.@Nullable Repository repository;
    private TaskState.Work work;
    private @Nullable TaskPullRequest pullRequest;
    private List<Stray> strays;
    private @Nullable String outcome;
    private @Nullable TaskFailure failure;
    private TaskState.Times times;
    private List<UUID> requests;

    private Draft(TaskState of) {
      status = of.status();
      id = of.id();
      creation = of.creation();
      spec = of.spec();
      owner = of.owner();
      attempt = of.attempt();
      repository = of.repository();
      work = of.work();
      pullRequest = of.pullRequest();
      strays = of.strays();
      outcome = of.outcome();
      failure = of.failure();
      times = of.times();
      requests = of.requests();
    }

    private TaskState done() {
      return new TaskState(
          status,
          id,
          creation,
          spec,
          owner,
          attempt,
          repository,
          work,
          pullRequest,
          strays,
          outcome,
          failure,
          times,
          requests);
    }
  }
}
