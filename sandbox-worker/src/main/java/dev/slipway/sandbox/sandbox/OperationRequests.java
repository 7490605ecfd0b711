package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.PreferredWait;
import dev.slipway.web.operation.OperationView;
import dev.slipway.web.security.Caller;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// What controllers ask of sandboxes that workers do, and answer with the operation.
public final class OperationRequests {
  static final String PATH = "/api/v1/operations/";

  private final SandboxRequests sandboxes;
  private final BranchPrefix tasks;

  OperationRequests(SandboxRequests sandboxes, BranchPrefix tasks) {
    this.sandboxes = sandboxes;
    this.tasks = tasks;
  }

  /// Asks for something with a repository.
  ///
  /// @param body of the request
  /// @throws dev.slipway.web.ApiException 422: it breaks the rules
  public Mono<ResponseEntity<?>> work(
      Caller caller,
      UUID sandbox,
      Object body,
      ServerWebExchange exchange,
      Function<UUID, SandboxOperation.Git> wanted) {
    ApiException.check(GitRules.violations(wanted.apply(sandbox), tasks));
    return ask(
        IdempotentRequest.of(exchange, caller, body),
        sandbox,
        exchange,
        operation -> new SandboxInput.Work(wanted.apply(operation)));
  }

  /// Asks something of a sandbox that a worker does.
  Mono<ResponseEntity<?>> ask(
      IdempotentRequest request,
      UUID sandbox,
      ServerWebExchange exchange,
      Function<UUID, SandboxInput> input) {
    return sandboxes
        .all()
        .ask(request, sandbox, input, OperationRequests::queued)
        .flatMap(accepted ->
            PreferredWait.answer(
                exchange, accepted, () -> ended(request.caller(), PreferredWait.idAt(accepted))));
  }

  /// An operation, once it has ended.
  Mono<ResponseEntity<?>> ended(Caller caller, UUID operation) {
    return sandboxes
        .findOperation(caller, operation)
        .filter(OperationView::hasEnded)
        .map(ResponseEntity::ok);
  }

  /// As its row says once it is committed.
  private static ResponseEntity<?> queued(Decided<SandboxState, SandboxEvent> decided) {
    for (var numbered : decided.events()) {
      if (numbered.event() instanceof SandboxEvent.OperationRequested(var id, var kind, _)) {
        Instant at = numbered.at();
        return ResponseEntity.accepted()
            .location(URI.create(PATH + id))
            .body(
                OperationView.queued(
                    id,
                    kind.wireName(),
                    at,
                    SandboxOperationCodec.patience(kind).map(at::plus).orElse(null),
                    SandboxView.context(decided.id(), decided.state().context()),
                    decided.version()));
      }
    }
    throw new IllegalStateException("a request has an operation of its own");
  }
}
