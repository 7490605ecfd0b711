package dev.slipway.pr.task;

import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.pr.task.TaskQueries.Row;
import dev.slipway.web.AggregateRequests;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.security.Caller;
import java.util.Optional;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What controllers ask of tasks.
final class TaskRequests extends AggregateRequests<Row, TaskState, TaskInput, TaskEvent> {
  private final RepositoryRule repositories;

  TaskRequests(
      StageRunner<TaskState, TaskInput, TaskEvent> stage,
      IdempotentRequests requests,
      RepositoryRule repositories) {
    super("task", stage, requests);
    this.repositories = repositories;
  }

  @Override
  protected Mono<Row> find(DatabaseClient client, UUID id) {
    return TaskQueries.find(client, id);
  }

  @Override
  protected Optional<Refusal> refusal(TaskEvent event) {
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
