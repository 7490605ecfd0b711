package dev.slipway.pr.task;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pr.opening.OpeningRequestJson;
import dev.slipway.pr.opening.TaskOpeningRequests;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.operation.OperationView;
import dev.slipway.web.security.Caller;
import io.r2dbc.spi.Readable;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Pull requests of tasks that somebody asks for by themselves, and operations of tasks.
final class TaskOperationRequests implements TaskOpeningRequests {
  /// The operation first and alone: keys of other stages are no ids.
  private static final String FIND =
      """
      with o as materialized (
        select * from operation
        where operation_id = $1 and stage_id = (select stage_id from stage where name = $2))
      select %s, o.due_at as deadline_at, t.tenant, t.task_id, t.version, t.state #- '{work,patch}' as task
      from o join task t on t.tenant = o.tenant and t.task_id = o.key::uuid
      """
          .formatted(OperationView.COLUMNS);

  private final TaskRequests tasks;

  TaskOperationRequests(TaskRequests tasks) {
    this.tasks = tasks;
  }

  @Override
  public Mono<ResponseEntity<String>> open(IdempotentRequest request, OpeningRequestJson body) {
    UUID task = Objects.requireNonNull(body.taskId(), "a body that names a task");
    return tasks
        .all()
        .require(request.caller(), task)
        .flatMap(row -> {
          TaskSpec spec = row.state().requireSpec();
          checkRepository(body.repositoryUrl(), spec);
          PullRequestTexts texts = texts(body, spec);
          return tasks
              .all()
              .ask(
                  request,
                  task,
                  id -> new TaskInput.Open(id, body.head(), texts, body.base(), body.labels()),
                  TaskOperationRequests::queued);
        });
  }

  private static void checkRepository(@Nullable String given, TaskSpec spec) {
    if (given != null && RepositoryUrl.parse(given).filter(spec.url()::equals).isEmpty()) {
      throw ApiException.invalid("repository_url", "range", "It must be the task's.");
    }
  }

  private static @Nullable PullRequestTexts texts(OpeningRequestJson body, TaskSpec spec) {
    return body.title() == null && body.body() == null && body.draft() == null
        ? null
        : new PullRequestTexts(
            body.title(),
            body.body(),
            body.draft() == null ? spec.pullRequest().draft() : body.draft());
  }

  /// As its row says once it is committed.
  private static ResponseEntity<?> queued(Decided<TaskState, TaskEvent> decided) {
    for (var numbered : decided.events()) {
      if (numbered.event() instanceof TaskEvent.OpeningAsked asked) {
        Instant at = numbered.at();
        UUID id = asked.operation();
        return ResponseEntity.accepted()
            .location(URI.create("/api/v1/github/operations/" + id))
            .body(
                OperationView.queued(
                    id,
                    TaskOperationCodec.OPEN,
                    at,
                    at.plus(TaskOperationCodec.TO_WRITE),
                    TaskView.context(decided.id(), decided.state()),
                    decided.version()));
      }
    }
    throw new IllegalStateException("a request has an operation of its own");
  }

  @Override
  public Mono<OperationView> find(Caller caller, UUID operation) {
    return tasks.all().database().asApi(caller.tenant(), client -> find(client, operation));
  }

  private static Mono<OperationView> find(DatabaseClient client, UUID operation) {
    return client
        .sql(FIND)
        .bind(0, operation)
        .bind(1, TaskStage.NAME)
        .map(TaskOperationRequests::view)
        .one();
  }

  private static OperationView view(Readable row) {
    TaskQueries.Row task = TaskQueries.of(row, "task");
    return OperationView.of(row, TaskView.context(task.id(), task.state()), task.version());
  }

  @Override
  public Mono<ResponseEntity<String>> cancel(IdempotentRequest request, OperationView operation) {
    UUID task = Objects.requireNonNull(operation.target().taskId(), "an operation of a task");
    return tasks
        .all()
        .ask(
            request,
            task,
            _ -> new TaskInput.CancelOperation(operation.operationId()),
            _ -> ResponseEntity.accepted().body(operation));
  }
}
