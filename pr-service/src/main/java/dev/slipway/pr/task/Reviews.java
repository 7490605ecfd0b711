package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.task.TaskState.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What follows from what GitHub tells of pull requests. Pure.
///
/// | task | pull request of its branch | what follows |
/// |---|---|---|
/// | opens it | opened or found | in review; done or closed, when it is merged or closed by then |
/// | in progress | merged | done, before anybody told that it was created |
/// | in review | merged, closed | done, closed |
/// | closed | opened again, merged | in review, done |
/// | has one | another | that is closed |
/// | ended without | any | that is closed |
final class Reviews {
  private Reviews() {}

  static Decision<TaskEvent> opened(TaskState state, TaskInput.Opened opened) {
    return answered(judged(state, opened), opened.answers());
  }

  private static Decision<TaskEvent> judged(TaskState state, TaskInput.Opened opened) {
    TaskPullRequest found = opened.pullRequest();
    if (!state.isTrying()) {
      return seen(state, found);
    }
    if (!opened.operation().equals(state.attempt().opening())) {
      return Decision.nothing(); // this attempt will find it
    }
    var events = new ArrayList<TaskEvent>();
    if (!opened.repository().equals(state.repository())) {
      events.add(new TaskEvent.RepositoryRead(opened.repository()));
    }
    if (found.isOpen()) {
      events.add(new TaskEvent.InReview(found, opened.adopted()));
      return Decision.of(events);
    }
    events.add(Endings.event(found));
    return Endings.cleared(state, Decision.of(events), false);
  }

  static Decision<TaskEvent> seen(TaskState state, TaskPullRequest found) {
    TaskPullRequest own = state.pullRequest();
    if (own == null) {
      return withoutOwn(state, found);
    }
    if (own.number() != found.number()) {
      return Endings.stray(state, found);
    }
    return switch (state.status()) {
      case IN_REVIEW -> found.isOpen() ? Decision.nothing() : Endings.by(state, found);
      case CLOSED ->
          switch (found.state()) {
            case OPEN -> Decision.of(new TaskEvent.InReview(found, false));
            case MERGED -> Decision.of(new TaskEvent.Done("merged", found));
            case CLOSED -> Decision.nothing();
          };
      case NONE, TODO, IN_PROGRESS, DONE, FAILED, CANCELLED ->
          own.state() == found.state() || own.state() == TaskPullRequest.State.MERGED
              ? Decision.nothing()
              : Decision.of(new TaskEvent.PullRequestChanged(found));
    };
  }

  private static Decision<TaskEvent> withoutOwn(TaskState state, TaskPullRequest found) {
    return switch (state.status()) {
      case IN_PROGRESS ->
          found.state() == TaskPullRequest.State.MERGED
              ? Endings.by(state, found)
              : Decision.nothing();
      case DONE, FAILED, CANCELLED, CLOSED -> Endings.stray(state, found);
      case NONE, TODO, IN_REVIEW -> Decision.nothing();
    };
  }

  /// Nothing was heard for long: a webhook may be lost.
  static Decision<TaskEvent> look(TaskState state) {
    TaskPullRequest own = state.pullRequest();
    Repository repository = state.repository();
    return state.status() != TaskStatus.IN_REVIEW || own == null || repository == null
        ? Decision.nothing()
        : Decision.<TaskEvent>of(new TaskEvent.PullRequestLookedAt())
            .with(new TaskOperation.Read(repository.fullName(), repository.id(), own.number()));
  }

  /// A pull request was closed or read. Its own record follows; but what became of that of a
  /// webhook that was applied may have been lost on the way here.
  static Decision<TaskEvent> read(TaskState state, TaskInput.Read read) {
    Decision<TaskEvent> seen = seen(state, read.pullRequest());
    var events = new ArrayList<>(closed(state, read.operation(), null).events());
    events.addAll(seen.events());
    return answered(
        new Decision<>(events, seen.commands(), seen.operations(), seen.cancelled(), false),
        read.answers());
  }

  /// Of a stray that was closed, or was not.
  static Decision<TaskEvent> closed(TaskState state, UUID operation, @Nullable TaskFailure why) {
    return state.strays().stream()
        .filter(stray -> !stray.settled())
        .map(TaskState.Stray::number)
        .filter(number -> TaskIds.closing(state.requireId(), number).equals(operation))
        .findFirst()
        .map(number -> Decision.<TaskEvent>of(new TaskEvent.StrayClosed(number, why)))
        .orElse(Decision.nothing());
  }

  private static Decision<TaskEvent> answered(
      Decision<TaskEvent> decision, List<Observation> answers) {
    Decision<TaskEvent> all = decision;
    for (Observation answer : answers) {
      all = all.with(answer);
    }
    return all;
  }
}
