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
public abstract class AggregateRequests<R, S, I, E> {
  private final String noun;
  private final StageRunner<S, I, E> stage;
  private final IdempotentRequests requests;

  /// @param noun for people, such as `task`
  protected AggregateRequests(
      String noun, StageRunner<S, I, E> stage, IdempotentRequests requests) {
    this.noun = noun;
    this.stage = stage;
    this.requests = requests;
  }

  /// Why the stage refuses something.
  ///
  /// @param code `not_found`, `conflict`; anything else is an `illegal_state`
  /// @param message for people
  public record Refusal(String code, String message) {}

  /// Looks a row of the session's tenant up.
  protected abstract Mono<R> find(DatabaseClient client, UUID id);

  /// What an event refuses; empty when it does not.
  protected abstract Optional<Refusal> refusal(E event);

  /// Where the rows are.
  public final Database database() {
    return stage.database();
  }

  /// One of the caller's tenant; 404 when there is none, whoever else has it.
  public final Mono<R> require(Caller caller, UUID id) {
    return find(caller, id).switchIfEmpty(Mono.error(() -> ApiException.notFound(noun)));
  }

  /// One of the caller's tenant.
  public final Mono<R> find(Caller caller, UUID id) {
    return database().asApi(caller.tenant(), client -> find(client, id));
  }

  /// Asks for one, whose id is the request's.
  public final Mono<ResponseEntity<String>> create(
      IdempotentRequest request,
      Function<UUID, I> input,
      Function<Decided<S, E>, ResponseEntity<?>> answering) {
    String tenant = request.caller().tenant();
    return requests.ask(
        stage, request, id -> new AggregateId(tenant, id.toString()), input, accepted(answering));
  }

  /// Asks something of one that is there.
  public final Mono<ResponseEntity<String>> ask(
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
        .flatMap(event -> refusal(event).stream())
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

  /// The id of what an answer's `Location` leads to.
  public static UUID idAt(ResponseEntity<?> answer) {
    String location = String.valueOf(answer.getHeaders().getLocation());
    return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
  }
}
