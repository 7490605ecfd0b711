package dev.slipway.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Bounds how long a body of the API may take to arrive: nobody holds a request open by sending a
/// byte now and then. What has arrived earns a second for each 64 KiB, so that a large file may
/// take its time and a small body may not. Paths outside of `/api/` see to it themselves.
final class BodyDeadline implements WebFilter {
  private static final long BYTES_A_SECOND = 64 * 1_024;

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
        long begun = System.nanoTime();
        var arrivedBytes = new AtomicLong();
        return super.getBody()
            .timeout(
                Mono.delay(patience),
                part -> {
                  long earned =
                      TimeUnit.SECONDS.toNanos(arrivedBytes.addAndGet(part.readableByteCount()))
                          / BYTES_A_SECOND;
                  long left = patience.toNanos() + earned - (System.nanoTime() - begun);
                  return Mono.delay(Duration.ofNanos(Math.max(0, left)));
                })
            .onErrorMap(TimeoutException.class, _ -> tooSlow());
      });
    }
  }

  private static ApiException tooSlow() {
    return new ApiException(ErrorCode.MALFORMED, "The body did not arrive in time.")
        .with(HttpHeaders.CONNECTION, "close");
  }
}
