package dev.slipway.web;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Ids;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/// Makes requests that change something repeatable: with the same `Idempotency-Key`, tenant,
/// subject, method and path, the effect happens once and every repetition gets the first answer.
///
/// | Repetition | Answer |
/// |---|---|
/// | the first still runs | 409 `key_in_use`; of a stage its answer, if that comes within 5 s |
/// | same body | status, `Location` and body of the first |
/// | another body | 422 `key_reused` |
///
/// Effect and answer are committed together: after a crash there are both or neither. A request
/// that fails leaves nothing and may be repeated.
public final class IdempotentRequests {
  private final JsonMapper json;
  private final Duration patience;

  /// Keys of requests that stages of this process are asked.
  private final Set<UUID> running = ConcurrentHashMap.newKeySet();

  /// @param patience how long a repetition waits for the first to be answered
  IdempotentRequests(JsonMapper json, Duration patience) {
    this.json = json;
    this.patience = patience;
  }

  /// Runs the effect, in one transaction of the caller's tenant, unless it ran before.
  public Mono<ResponseEntity<String>> once(
      Database database, IdempotentRequest request, Effect effect) {
    UUID id = Ids.fresh();
    return database.asApi(
        request.caller().tenant(),
        client -> {
          Mono<Answer> fresh =
              Mono.defer(() -> effect.run(client, id)).map(answer -> StoredAnswer.of(answer, json));
          Request.Key key = key(request);
          return (key == null ? fresh : unlessKnown(client, key, id, fresh))
              .map(StoredAnswer::toResponse);
        });
  }

  private static Mono<Answer> unlessKnown(
      DatabaseClient client, Request.Key key, UUID id, Mono<Answer> fresh) {
    return StoredAnswer.lock(client, key.id())
        .filter(locked -> locked)
        .switchIfEmpty(Mono.error(Problems::keyInUse))
        .then(StoredAnswer.find(client, key))
        .switchIfEmpty(
            Mono.defer(() ->
                fresh.flatMap(
                    answer -> StoredAnswer.insert(client, key, id, answer).thenReturn(answer))));
  }

  /// Asks a stage something of an aggregate, unless it was asked before.
  ///
  /// | What becomes of it | Answer |
  /// |---|---|
  /// | it is decided | what `answering` makes of that, once it is committed |
  /// | `answering` throws an [ApiException] | that, and nothing has happened |
  /// | another has the id or the link that it would give | 409 `conflict`, and nothing has happened |
  /// | it waits too long, or for too many others; nobody tells whether it is committed | 503 `unavailable` |
  ///
  /// @param aggregate whom it is for; a creation makes the key of the request's id
  /// @param input what the aggregate is told, given the request's id
  /// @param answering pure; its answer is kept beside the effect
  public <S, I, E> Mono<ResponseEntity<String>> ask(
      StageRunner<S, I, E> stage,
      IdempotentRequest request,
      Function<UUID, AggregateId> aggregate,
      Function<UUID, I> input,
      Function<Decided<S, E>, ResponseEntity<?>> answering) {
    return Mono.defer(
            () -> {
              Request.Key key = key(request);
              var asked =
                  new Request<S, I, E>(
                      key, aggregate, input, decided -> answer(decided, answering));
              return key == null ? answered(stage.request(asked)) : ask(stage, asked, key.id());
            })
        // the stage's thread has other things to do than to write responses
        .publishOn(Schedulers.parallel())
        .map(StoredAnswer::toResponse);
  }

  private <S, I, E> Mono<Answer> ask(
      StageRunner<S, I, E> stage, Request<S, I, E> asked, UUID keyId) {
    if (running.add(keyId)) {
      return answered(stage.request(asked).whenComplete((_, _) -> running.remove(keyId)));
    }
    return answered(stage.request(asked)).timeout(patience, Mono.error(Problems::keyInUse));
  }

  /// A client that goes away takes nothing back.
  private static Mono<Answer> answered(CompletableFuture<Answer> answer) {
    return Mono.fromFuture(answer, true);
  }

  private <S, E> Answer answer(
      Decided<S, E> decided, Function<Decided<S, E>, ResponseEntity<?>> answering) {
    if (decided.conflict()) {
      throw new ApiException(ErrorCode.CONFLICT, "Another has this id or this name.");
    }
    return StoredAnswer.of(answering.apply(decided), json);
  }

  private Request.@Nullable Key key(IdempotentRequest request) {
    return request
        .keyId()
        .map(id ->
            new Request.Key(
                id, request.caller().tenant(), sha256(json.writeValueAsBytes(request.body()))))
        .orElse(null);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }

  /// What the request does.
  @FunctionalInterface
  public interface Effect {
    /// Does it, with this transaction's client alone.
    ///
    /// @param requestId drawn for this request, to derive other ids from
    /// @return the answer; an error undoes everything
    Mono<? extends ResponseEntity<?>> run(DatabaseClient client, UUID requestId);
  }
}
