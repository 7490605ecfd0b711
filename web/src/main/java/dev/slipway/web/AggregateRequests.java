package dev.slipway.web;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.web.security.Caller;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What controllers ask of the aggregates of one stage, each known by a UUID: rows, and decisions.
///
/// @param <R> a row
/// @param <S> the stage's state
/// @param <I> what it is told
/// @param <E> what comes of that
public final class AggregateRequests<R, S, I, E> {
  private final String noun;
  private final StageRunner<S, I, E> stage;
  private final IdempotentRequests requests;

  private final Lookup<R> lookup;
  private final Function<E, Optional<Refusal>> refusals;

  /// @param noun for people, such as `task`
  /// @param refusals what an event refuses; empty when it does not
  public AggregateRequests(
      String noun,
      StageRunner<S, I, E> stage,
      IdempotentRequests requests,
      Lookup<R> lookup,
      Function<E, Optional<Refusal>> refusals) {
    this.noun = noun;
    this.stage = stage;
    this.requests = requests;
    this.lookup = lookup;
    this.refusals = refusals;
  }

  /// Why the stage refuses something.
  ///
  /// @param code `not_found`, `conflict`; anything else is an `illegal_state`
  /// @param message for people
  public record Refusal(String code, String message) {}

  /// Finds a row.
  @FunctionalInterface
  public interface Lookup<R> {
    /// One of the session's tenant; empty when there is none.
    Mono<R> find(DatabaseClient client, UUID id);
  }

  /// Where the rows are.
  public Database database() {
    return stage.database();
  }

  /// One of the caller's tenant; 404 when there is none, whoever else has it.
  public Mono<R> require(Caller caller, UUID id) {
    return find(caller, id).switchIfEmpty(Mono.error(() -> ApiException.notFound(noun)));
  }

  /// One of the caller's tenant.
  public Mono<R> find(Caller caller, UUID id) {
    return database().asApi(caller.tenant(), client -> lookup.find(client, id));
  }

  /// Asks for one, whose id is the request's.
  public Mono<ResponseEntity<String>> create(
      IdempotentRequest request,
      Function<UUID, I> input,
      Function<Decided<S, E>, ResponseEntity<?>> answering) {
    String tenant = request.caller().tenant();
    return requests.ask(
        stage, request, id -> new AggregateId(tenant, id.toString()), input, accepted(answering));
  }

  /// Asks something of one that is there.
  public Mono<ResponseEntity<String>> ask(
      IdempotentRequest request,
      UUID id,
      Function<UUID, I> input,
      Function<Decided<S, E>, ResponseEntity<?>> answering) {
    var aggregate = new AggregateId(request.caller().tenant(), id.toString());
    // first whether it is there for this tenant: what is not must look the same, whoever has it
    return require(request.caller(), id)
        .then(requests.ask(stage, request, _ -> aggregate, input, accepted(answering)));
  }

  private Function<Decided<S, E>, ResponseEntity<?>> accepted(
      Function<Decided<S, E>, ResponseEntity<?>> answering) {
    return decided -> {
      if (decided.rejected()) {
        throw refused(decided);
      }
      return answering.apply(decided);
    };
  }

  private ApiException refused(Decided<S, E> decided) {
    return decided.events().stream()
        .map(Numbered::event)
        .flatMap(event -> refusals.apply(event).stream())
        .findFirst()
        .map(this::refused)
        .orElseGet(() -> new ApiException(ErrorCode.ILLEGAL_STATE, "The operation has ended."));
  }

  private ApiException refused(Refusal refusal) {
    return switch (refusal.code()) {
      case "not_found" -> ApiException.notFound(noun);
      case "conflict" -> new ApiException(ErrorCode.CONFLICT, refusal.message());
      default -> new ApiException(ErrorCode.ILLEGAL_STATE, refusal.message());
    };
  }
}
