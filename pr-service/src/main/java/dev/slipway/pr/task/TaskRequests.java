package dev.slipway.pr.task;

import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.pr.task.TaskQueries.Row;
import dev.slipway.web.AggregateRequests;
import dev.slipway.web.AggregateRequests.Refusal;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.security.Caller;
import java.util.Optional;

/// What controllers ask of tasks.
final class TaskRequests {
  private final AggregateRequests<Row, TaskState, TaskInput, TaskEvent> all;
  private final RepositoryRule repositories;

  TaskRequests(
      StageRunner<TaskState, TaskInput, TaskEvent> stage,
      IdempotentRequests requests,
      RepositoryRule repositories) {
    this.all =
        new AggregateRequests<>("task", stage, requests, TaskQueries::find, TaskRequests::refusal);
    this.repositories = repositories;
  }

  /// Of any task.
  AggregateRequests<Row, TaskState, TaskInput, TaskEvent> all() {
    return all;
  }

  private static Optional<Refusal> refusal(TaskEvent event) {
    return event instanceof TaskEvent.Rejected(_, var code, var message)
        ? Optional.of(new Refusal(code, message))
        : Optional.empty();
  }

  /// Refuses a task that breaks the rules: 422.
  void check(Caller caller, TaskSpec spec, TaskOwner owner) {
    ApiException.check(TaskSpecRules.violations(spec, owner));
    repositories
        .refusal(caller.tenant(), spec.url())
        .ifPresent(why -> {
          throw ApiException.invalid("repository_url", "refused", why);
        });
  }
}
