package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.Violation;
import dev.slipway.pipeline.security.TenantSecrets;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.sandbox.SandboxQueries.Row;
import dev.slipway.web.AggregateRequests;
import dev.slipway.web.AggregateRequests.Refusal;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.operation.OperationView;
import dev.slipway.web.security.Caller;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// What controllers ask of sandboxes.
public final class SandboxRequests {
  private final AggregateRequests<Row, SandboxState, SandboxInput, SandboxEvent> all;
  private final TenantSecrets secrets;
  private final Scheduler blocking;

  /// @param blocking for looks at the file system
  SandboxRequests(
      StageRunner<SandboxState, SandboxInput, SandboxEvent> stage,
      IdempotentRequests requests,
      TenantSecrets secrets,
      Scheduler blocking) {
    this.all =
        new AggregateRequests<>(
            "sandbox", stage, requests, SandboxQueries::find, SandboxRequests::refusal);
    this.secrets = secrets;
    this.blocking = blocking;
  }

  /// Of any sandbox.
  AggregateRequests<Row, SandboxState, SandboxInput, SandboxEvent> all() {
    return all;
  }

  /// A sandbox of the caller's tenant; 404 when there is none, whoever else has it.
  public Mono<Row> require(Caller caller, UUID id) {
    return all.require(caller, id);
  }

  private static Optional<Refusal> refusal(SandboxEvent event) {
    return event instanceof SandboxEvent.Rejected(_, var code, var message)
        ? Optional.of(new Refusal(code, message))
        : Optional.empty();
  }

  /// An operation of a sandbox of the caller's tenant; 404 when there is none.
  Mono<OperationView> requireOperation(Caller caller, UUID id) {
    return findOperation(caller, id)
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("operation")));
  }

  Mono<OperationView> findOperation(Caller caller, UUID id) {
    return all.database().asApi(caller.tenant(), client -> OperationQueries.find(client, id));
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
        .doOnNext(ApiException::check)
        .then();
  }
}
