package dev.slipway.web;

import dev.slipway.schemas.Ids;
import dev.slipway.web.security.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/// A request that changes something.
///
/// @param route method and path, such as `POST /api/v1/tasks`
/// @param key header `Idempotency-Key`, 1–255 characters; empty when the caller does not ask for
///   repeatability
/// @param body as it was read: two bodies are the same when they mean the same
public record IdempotentRequest(Caller caller, String route, Optional<String> key, Object body) {
  private static final String HEADER = "Idempotency-Key";
  private static final int MAX_KEY_CHARS = 255;

  /// Reads method, path and key.
  ///
  /// @throws ApiException when the key is not one of 1–255 characters
  public static IdempotentRequest of(ServerWebExchange exchange, Caller caller, Object body) {
    ServerHttpRequest request = exchange.getRequest();
    return new IdempotentRequest(
        caller,
        request.getMethod().name() + " " + request.getPath().value(),
        key(request.getHeaders().getOrEmpty(HEADER)),
        body);
  }

  private static Optional<String> key(List<String> given) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String key = given.getFirst();
    if (given.size() > 1 || key.isEmpty() || key.length() > MAX_KEY_CHARS) {
      throw ApiException.invalid(HEADER, "size", "It must be one key of 1 to 255 characters.");
    }
    return Optional.of(key);
  }

  /// The id of the key together with whose it is and what for; empty without one.
  Optional<UUID> keyId() {
    return key.map(given -> Ids.request(caller.tenant(), caller.subject(), route, given));
  }
}
