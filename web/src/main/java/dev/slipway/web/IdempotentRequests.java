package dev.slipway.web;

import dev.slipway.pipeline.database.Database;
import dev.slipway.schemas.Ids;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// Makes requests that change something repeatable: with the same `Idempotency-Key`, tenant,
/// subject, method and path, the effect happens once and every repetition gets the first answer.
///
/// | Repetition | Answer |
/// |---|---|
/// | the first still runs | 409 `key_in_use` |
/// | same body | status, `Location` and body of the first |
/// | another body | 422 `key_reused` |
///
/// Effect and answer are committed together: after a crash there are both or neither. A request
/// that fails leaves nothing and may be repeated.
public final class IdempotentRequests {
  private final JsonMapper json;

  IdempotentRequests(JsonMapper json) {
    this.json = json;
  }

  /// Runs the effect, in one transaction of the caller's tenant, unless it ran before.
  public Mono<ResponseEntity<String>> once(
      Database database, IdempotentRequest request, Effect effect) {
    UUID id = Ids.fresh();
    return database.asApi(
        request.caller().tenant(),
        client -> {
          Mono<StoredAnswer> fresh =
              Mono.defer(() -> effect.run(client, id)).map(answer -> StoredAnswer.of(answer, json));
          return request
              .keyId()
              .map(keyId -> unlessKnown(client, keyId, id, request, fresh))
              .orElse(fresh)
              .map(StoredAnswer::toResponse);
        });
  }

  private Mono<StoredAnswer> unlessKnown(
      DatabaseClient client,
      UUID keyId,
      UUID id,
      IdempotentRequest request,
      Mono<StoredAnswer> fresh) {
    byte[] digest = sha256(json.writeValueAsBytes(request.body()));
    return StoredAnswer.lock(client, keyId)
        .filter(locked -> locked)
        .switchIfEmpty(
            Mono.error(() ->
                new ApiException(
                    ErrorCode.KEY_IN_USE, "The first request with this key still runs.")))
        .then(StoredAnswer.find(client, keyId, digest))
        .switchIfEmpty(
            Mono.defer(() ->
                fresh.flatMap(answer ->
                    answer
                        .insert(client, keyId, id, request.caller().tenant(), digest)
                        .thenReturn(answer))));
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
