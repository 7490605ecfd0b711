package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.PreferredWait;
import dev.slipway.web.SlipwayCursor;
import dev.slipway.web.operation.OperationView;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// What is done in sandboxes, and what became of it.
@RestController
@Tag(name = "operations", description = "What workers do in sandboxes")
final class OperationController {
  private static final String SANDBOX = "/api/v1/sandboxes/{id}";
  private static final String OPERATION = OperationRequests.PATH;

  private final SandboxRequests sandboxes;
  private final OperationRequests operations;
  private final CursorSource cursors;

  OperationController(
      SandboxRequests sandboxes, OperationRequests operations, CursorSource cursors) {
    this.sandboxes = sandboxes;
    this.operations = operations;
    this.cursors = cursors;
  }

  @PostMapping(SANDBOX + "/commands")
  @Operation(summary = "Run a command; Prefer: wait=N waits until it has ended")
  Mono<ResponseEntity<?>> run(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestBody CommandRequestJson body,
      ServerWebExchange exchange) {
    CommandSpec command = body.spec();
    ApiException.check(SandboxRules.violations(command));
    return sandboxes
        .checkSecrets(caller, command.environment())
        .then(
            operations.ask(
                IdempotentRequest.of(exchange, caller, body),
                id,
                exchange,
                operation -> new SandboxInput.RunCommand(operation, command)));
  }

  @PostMapping(SANDBOX + "/pause")
  @Operation(summary = "Freeze a sandbox with its processes")
  Mono<ResponseEntity<?>> pause(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return operations.ask(
        IdempotentRequest.of(exchange, caller, Map.of()), id, exchange, SandboxInput.Pause::new);
  }

  @PostMapping(SANDBOX + "/resume")
  @Operation(summary = "Wake a sandbox")
  Mono<ResponseEntity<?>> resume(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return operations.ask(
        IdempotentRequest.of(exchange, caller, Map.of()), id, exchange, SandboxInput.Resume::new);
  }

  @PostMapping(SANDBOX + "/reset")
  @Operation(summary = "End its processes, and make its files what its template has")
  Mono<ResponseEntity<?>> reset(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return operations.ask(
        IdempotentRequest.of(exchange, caller, Map.of()), id, exchange, SandboxInput.Reset::new);
  }

  @PostMapping(SANDBOX + "/extend")
  @Operation(summary = "Let a sandbox live so long from now on, if that is longer than it would")
  Mono<ResponseEntity<?>> extend(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestBody @Valid ExtendRequestJson body,
      ServerWebExchange exchange) {
    Duration timeout = body.timeout();
    ApiException.check(SandboxRules.violations(timeout));
    return operations.ask(
        IdempotentRequest.of(exchange, caller, body),
        id,
        exchange,
        operation -> new SandboxInput.Extend(operation, timeout));
  }

  @GetMapping(OPERATION + "{id}")
  @Operation(summary = "One operation; Prefer: wait=N waits until it has ended")
  Mono<ResponseEntity<?>> operation(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return PreferredWait.read(
        exchange,
        () ->
            SlipwayCursor.answer(cursors, caller.tenant(), sandboxes.requireOperation(caller, id)),
        OperationView::hasEnded);
  }

  @PostMapping(OPERATION + "{id}/cancel")
  @Operation(summary = "An operation is no longer wanted; Prefer: wait=N waits until it has ended")
  Mono<ResponseEntity<?>> cancel(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return sandboxes
        .requireOperation(caller, id)
        .flatMap(operation ->
            sandboxes
                .all()
                .ask(
                    IdempotentRequest.of(exchange, caller, Map.of()),
                    sandboxOf(operation),
                    request -> new SandboxInput.Cancel(request, id),
                    _ -> ResponseEntity.accepted().body(operation)))
        .flatMap(accepted ->
            PreferredWait.answer(exchange, accepted, () -> operations.ended(caller, id)));
  }

  private static UUID sandboxOf(OperationView operation) {
    UUID sandbox = operation.target().sandboxId();
    if (sandbox == null) {
      throw new ApiException(ErrorCode.NOT_FOUND, "There is no such operation.");
    }
    return sandbox;
  }
}
