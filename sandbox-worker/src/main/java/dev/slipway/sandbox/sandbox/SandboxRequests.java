package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.security.TenantSecrets;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.sandbox.SandboxQueries.Row;
import dev.slipway.sandbox.sandbox.SandboxRules.Violation;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.FieldError;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.operation.OperationView;
import dev.slipway.web.security.Caller;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// What controllers ask of sandboxes: rows, and decisions of the stage.
public final class SandboxRequests {
  private final StageRunner<SandboxState, SandboxInput, SandboxEvent> stage;
  private final IdempotentRequests requests;
  private final TenantSecrets secrets;
  private final Scheduler blocking;

  /// @param blocking for looks at the file system
  SandboxRequests(
      StageRunner<SandboxState, SandboxInput, SandboxEvent> stage,
      IdempotentRequests requests,
      TenantSecrets secrets,
      Scheduler blocking) {
    this.stage = stage;
    this.requests = requests;
    this.secrets = secrets;
    this.blocking = blocking;
  }

  Database database() {
    return stage.database();
  }

  /// A sandbox of the caller's tenant; 404 when there is none, whoever else has it.
  public Mono<Row> require(Caller caller, UUID id) {
    return find(caller, id).switchIfEmpty(Mono.error(() -> ApiException.notFound("sandbox")));
  }

  Mono<Row> find(Caller caller, UUID id) {
    return database().asApi(caller.tenant(), client -> SandboxQueries.find(client, id));
  }

  /// An operation of a sandbox of the caller's tenant; 404 when there is none.
  Mono<OperationView> requireOperation(Caller caller, UUID id) {
    return findOperation(caller, id)
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("operation")));
  }

  Mono<OperationView> findOperation(Caller caller, UUID id) {
    return database().asApi(caller.tenant(), client -> OperationQueries.find(client, id));
  }

  /// Asks for a sandbox, whose id is the request's.
  Mono<ResponseEntity<String>> create(
      IdempotentRequest request,
      Function<UUID, SandboxInput> input,
      Function<Decided<SandboxState, SandboxEvent>, ResponseEntity<?>> answering) {
    String tenant = request.caller().tenant();
    return requests.ask(
        stage, request, id -> new AggregateId(tenant, id.toString()), input, accepted(answering));
  }

  /// Asks something of a sandbox that is there.
  Mono<ResponseEntity<String>> ask(
      IdempotentRequest request,
      UUID sandbox,
      Function<UUID, SandboxInput> input,
      Function<Decided<SandboxState, SandboxEvent>, ResponseEntity<?>> answering) {
    var aggregate = new AggregateId(request.caller().tenant(), sandbox.toString());
    // first whether it is there for this tenant: what is not must look the same, whoever has it
    return require(request.caller(), sandbox)
        .then(requests.ask(stage, request, _ -> aggregate, input, accepted(answering)));
  }

  private static Function<Decided<SandboxState, SandboxEvent>, ResponseEntity<?>> accepted(
      Function<Decided<SandboxState, SandboxEvent>, ResponseEntity<?>> answering) {
    return decided -> {
      if (decided.rejected()) {
        throw refusal(decided);
      }
      return answering.apply(decided);
    };
  }

  private static ApiException refusal(Decided<SandboxState, SandboxEvent> decided) {
    for (var numbered : decided.events()) {
      if (numbered.event() instanceof SandboxEvent.Rejected(_, var code, var message)) {
        return switch (code) {
          case Wishes.NOT_FOUND -> ApiException.notFound("sandbox");
          case Wishes.CONFLICT -> new ApiException(ErrorCode.CONFLICT, message);
          default -> new ApiException(ErrorCode.ILLEGAL_STATE, message);
        };
      }
    }
    return new ApiException(ErrorCode.ILLEGAL_STATE, "The operation has ended.");
  }

  /// The id of what an answer's `Location` leads to.
  static UUID idAt(ResponseEntity<?> answer) {
    String location = String.valueOf(answer.getHeaders().getLocation());
    return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
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

  /// Refuses references to secrets that the caller's tenant does not have: 422.
  Mono<Void> checkSecrets(Caller caller, Map<String, String> environment) {
    List<Map.Entry<String, String>> references =
        environment.entrySet().stream()
            .filter(entry -> TenantSecrets.isReference(entry.getValue()))
            .toList();
    if (references.isEmpty()) {
      return Mono.empty();
    }
    return Mono.fromCallable(() ->
            references.stream()
                .filter(entry -> !secrets.exists(caller.tenant(), entry.getValue()))
                .map(entry ->
                    new Violation(
                        "environment." + entry.getKey(),
                        "reference",
                        "There is no secret of this name."))
                .toList())
        .subscribeOn(blocking)
        .doOnNext(SandboxRequests::check)
        .then();
  }
}
