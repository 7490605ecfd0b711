package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pr.task.TaskState.Repository;
import dev.slipway.pr.task.TaskState.Work;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What follows from what people and programs wish of tasks. Pure.
final class Wishes {
  static final String NOT_FOUND = "not_found";
  static final String CONFLICT = "conflict";
  static final String ILLEGAL_STATE = "illegal_state";
  static final String INVALID = "invalid";

  private Wishes() {}

  static Decision<TaskEvent> create(TaskState state, TaskInput.Create wish, TaskRules rules) {
    if (state.knows(wish.request())) {
      return Decision.nothing();
    }
    if (state.status() != TaskStatus.NONE) {
      return rejected(wish.request(), CONFLICT, "There is a task with this id.");
    }
    var created = new TaskEvent.Created(wish.task(), wish.request(), wish.spec(), wish.owner());
    if (!wish.start()) {
      return Decision.of(created);
    }
    return Attempts.begin(
        List.of(created, new TaskEvent.Assigned(null, null)),
        new Attempts.Subject(wish.task(), wish.spec(), wish.owner(), Work.NONE),
        1,
        rules);
  }

  static Decision<TaskEvent> invalid(TaskState state, UUID request, String message) {
    return state.knows(request) ? Decision.nothing() : rejected(request, INVALID, message);
  }

  static Decision<TaskEvent> idTaken(TaskState state, UUID request) {
    return state.knows(request)
        ? Decision.nothing()
        : rejected(request, CONFLICT, "Another task has this id.");
  }

  static Decision<TaskEvent> assign(TaskState state, TaskInput.Assign wish, TaskRules rules) {
    if (state.knows(wish.request())) {
      return Decision.nothing();
    }
    if (state.status() != TaskStatus.TODO) {
      return refused(state, wish.request(), "only one that is TODO can be assigned");
    }
    return Attempts.begin(
        List.of(new TaskEvent.Assigned(wish.request(), wish.agentId())),
        Attempts.Subject.of(state, state.owner().assigned(wish.agentId())),
        state.attempt().number() + 1,
        rules);
  }

  static Decision<TaskEvent> retry(TaskState state, TaskInput.Retry wish, TaskRules rules) {
    if (state.knows(wish.request())) {
      return Decision.nothing();
    }
    boolean hasEnded =
        state.status() == TaskStatus.FAILED || state.status() == TaskStatus.CANCELLED;
    if (!hasEnded) {
      return refused(
          state, wish.request(), "only one that is FAILED or CANCELLED can be tried again");
    }
    if (state.pullRequest() != null || !state.strays().isEmpty()) {
      return refused(
          state,
          wish.request(),
          "it has had a pull request, and has one for life: make another task");
    }
    return Attempts.begin(
        List.of(new TaskEvent.Retried(wish.request())),
        Attempts.Subject.of(state, state.owner()),
        state.attempt().number() + 1,
        rules);
  }

  static Decision<TaskEvent> cancel(TaskState state, UUID request) {
    if (state.knows(request)) {
      return Decision.nothing();
    }
    return switch (state.status()) {
      case TODO, IN_PROGRESS, IN_REVIEW -> cancelled(state, request);
      case NONE, DONE, FAILED, CANCELLED, CLOSED -> refused(state, request, "it is not under way");
    };
  }

  private static Decision<TaskEvent> cancelled(TaskState state, UUID request) {
    var cancelled = new TaskEvent.Cancelled(request);
    TaskPullRequest own = state.pullRequest();
    Repository repository = state.repository();
    if (own == null || repository == null) {
      return Endings.cleared(state, Decision.of(cancelled), true);
    }
    return Endings.cleared(
            state, Decision.of(List.of(cancelled, new TaskEvent.StrayFound(own.number()))), true)
        .with(Endings.closing(state, repository, own.number(), "The task was cancelled."));
  }

  /// Opens the pull request by itself: of a branch that somebody pushed for a task that was not
  /// begun, or of what the task pushed before it failed.
  static Decision<TaskEvent> open(TaskState state, TaskInput.Open wish) {
    UUID operation = wish.operation();
    if (state.knows(operation)) {
      return Decision.nothing();
    }
    if (state.pullRequest() != null) {
      return refused(
          state, operation, "it has pull request #%d".formatted(state.pullRequest().number()));
    }
    String head = wish.head() != null ? wish.head() : pushed(state);
    boolean isPossible =
        state.status() == TaskStatus.TODO
            || (state.status() == TaskStatus.FAILED && state.strays().isEmpty());
    if (!isPossible) {
      return refused(state, operation, "its pull request is opened when it has pushed its branch");
    }
    if (head == null) {
      return refused(
          state, operation, "it has pushed nothing: give the branch that is to be merged as head");
    }
    var asked =
        new TaskEvent.OpeningAsked(operation, head, wish.texts(), wish.base(), wish.labels());
    var texts = new TaskState.Asked(head, wish.texts(), wish.base(), wish.labels());
    TaskState after = state.with(new TaskPart.Work(state.work().asking(texts)));
    return Decision.<TaskEvent>of(asked)
        .with(
            new TaskOperation.Open(
                operation, TaskTexts.wish(after, head), head.equals(state.work().branch())));
  }

  private static @Nullable String pushed(TaskState state) {
    return state.work().pushed() ? state.work().branch() : null;
  }

  private static Decision<TaskEvent> refused(TaskState state, UUID request, String why) {
    return state.status() == TaskStatus.NONE
        ? rejected(request, NOT_FOUND, "There is no such task.")
        : rejected(request, ILLEGAL_STATE, "The task is %s: %s.".formatted(state.status(), why));
  }

  static Decision<TaskEvent> rejected(UUID request, String code, String message) {
    return Decision.rejected(new TaskEvent.Rejected(request, code, message));
  }
}
