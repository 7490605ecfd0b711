package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.pr.task.TaskQueries.Row;
import dev.slipway.pr.task.TaskSpecRules.Violation;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.FieldError;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.security.Caller;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;

/// What controllers ask of tasks: rows, and decisions of the stage.
final class TaskRequests {
  private final StageRunner<TaskState, TaskInput, TaskEvent> stage;
  private final IdempotentRequests requests;
  private final RepositoryRule repositories;

  TaskRequests(
      StageRunner<TaskState, TaskInput, TaskEvent> stage,
      IdempotentRequests requests,
      RepositoryRule repositories) {
    this.stage = stage;
    this.requests = requests;
    this.repositories = repositories;
  }

  Database database() {
    return stage.database();
  }

  /// A task of the caller's tenant; 404 when there is none, whoever else has it.
  Mono<Row> require(Caller caller, UUID id) {
    return find(caller, id).switchIfEmpty(Mono.error(() -> ApiException.notFound("task")));
  }

  Mono<Row> find(Caller caller, UUID id) {
    return database().asApi(caller.tenant(), client -> TaskQueries.find(client, id));
  }

  /// Asks for a task, whose id is the request's.
  Mono<ResponseEntity<String>> create(
      IdempotentRequest request,
      Function<UUID, TaskInput> input,
      Function<Decided<TaskState, TaskEvent>, ResponseEntity<?>> answering) {
    String tenant = request.caller().tenant();
    return requests.ask(
        stage, request, id -> new AggregateId(tenant, id.toString()), input, accepted(answering));
  }

  /// Asks something of a task that is there.
  Mono<ResponseEntity<String>> ask(
      IdempotentRequest request,
      UUID task,
      Function<UUID, TaskInput> input,
      Function<Decided<TaskState, TaskEvent>, ResponseEntity<?>> answering) {
    var aggregate = new AggregateId(request.caller().tenant(), task.toString());
    // first whether it is there for this tenant: what is not must look the same, whoever has it
    return require(request.caller(), task)
        .then(requests.ask(stage, request, _ -> aggregate, input, accepted(answering)));
  }

  private static Function<Decided<TaskState, TaskEvent>, ResponseEntity<?>> accepted(
      Function<Decided<TaskState, TaskEvent>, ResponseEntity<?>> answering) {
    return decided -> {
      if (decided.rejected()) {
        throw refusal(decided);
      }
      return answering.apply(decided);
    };
  }

  private static ApiException refusal(Decided<TaskState, TaskEvent> decided) {
    for (var numbered : decided.events()) {
      if (numbered.event() instanceof TaskEvent.Rejected(_, var code, var message)) {
        return switch (code) {
          case Wishes.NOT_FOUND -> ApiException.notFound("task");
          case Wishes.CONFLICT -> new ApiException(ErrorCode.CONFLICT, message);
          default -> new ApiException(ErrorCode.ILLEGAL_STATE, message);
        };
      }
    }
    return new ApiException(ErrorCode.ILLEGAL_STATE, "The operation has ended.");
  }

  /// Refuses a task that breaks the rules: 422.
  void check(Caller caller, TaskSpec spec, TaskOwner owner) {
    check(TaskSpecRules.violations(spec, owner));
    RepositoryUrl url = spec.url();
    repositories
        .refusal(caller.tenant(), url)
        .ifPresent(why -> {
          throw ApiException.invalid("repository_url", "refused", why);
        });
  }

  /// Refuses what breaks the rules.
  ///
  /// @throws ApiException 422
  static void check(List<Violation> violations) {
    if (!violations.isEmpty()) {
      throw ApiException.invalid(
          violations.stream()
              .map(each -> new FieldError(each.field(), each.code(), each.detail()))
              .toList());
    }
  }

  /// The id of what an answer's `Location` leads to.
  static UUID idAt(ResponseEntity<?> answer) {
    String location = String.valueOf(answer.getHeaders().getLocation());
    return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
  }
}
