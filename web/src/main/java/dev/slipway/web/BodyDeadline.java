package dev.slipway.web;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Bounds how long a body of the API may take to arrive, all in all: nobody holds a request open by
/// sending a byte now and then. Paths outside of `/api/`, which take larger bodies, see to it
/// themselves.
final class BodyDeadline implements WebFilter {
  private final Duration patience;

  BodyDeadline(Duration patience) {
    this.patience = patience;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return exchange.getRequest().getPath().value().startsWith("/api/")
        ? chain.filter(exchange.mutate().request(new Bounded(exchange.getRequest())).build())
        : chain.filter(exchange);
  }

  private final class Bounded extends ServerHttpRequestDecorator {
    Bounded(ServerHttpRequest request) {
      super(request);
    }

    @Override
    public Flux<DataBuffer> getBody() {
      return Flux.defer(() -> {
        // One deadline for all parts: a time-out per part would start again with each.
        Mono<Long> deadline = Mono.delay(patience).cache();
        return super.getBody()
            .timeout(deadline, _ -> deadline)
            .onErrorMap(TimeoutException.class, _ -> tooSlow());
      });
    }
  }

  private static ApiException tooSlow() {
    return new ApiException(ErrorCode.MALFORMED, "The body did not arrive in time.")
        .with(HttpHeaders.CONNECTION, "close");
  }
}
