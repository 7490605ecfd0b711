package dev.slipway.web.security;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

/// Asks for the same thing once at a time, and not again for a moment. A token of a key that is not
/// known has the key set fetched, and anybody can make up such tokens: each would be a request to
/// the issuer. Failures are not kept.
final class RecentAnswers implements ExchangeFilterFunction {
  /// How long a key that the issuer has just added may be unknown here.
  private static final Duration KEPT = Duration.ofSeconds(2);

  // as many as an issuer has documents: the one about itself and its key set
  private final Map<URI, Mono<ResponseEntity<String>>> answers = new ConcurrentHashMap<>();

  @Override
  public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
    return answers
        .computeIfAbsent(request.url(), _ -> answer(request, next))
        .map(answer ->
            ClientResponse.create(answer.getStatusCode())
                .headers(headers -> headers.addAll(answer.getHeaders()))
                .body(String.valueOf(answer.getBody()))
                .build());
  }

  private static Mono<ResponseEntity<String>> answer(ClientRequest request, ExchangeFunction next) {
    return Mono.defer(() -> next.exchange(request))
        .flatMap(response ->
            response.statusCode().isError()
                ? response.<ResponseEntity<String>>createError()
                : response.toEntity(String.class))
        .cache(_ -> KEPT, _ -> Duration.ZERO, () -> Duration.ZERO);
  }
}
