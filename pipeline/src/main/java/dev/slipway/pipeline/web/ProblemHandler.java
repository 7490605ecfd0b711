package dev.slipway.pipeline.web;

import dev.slipway.pipeline.observability.Traces;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;

/// Answers every failure with a problem (RFC 9457), whichever filter or controller it comes from,
/// and logs the ones that are ours.
@Order(-2)
final class ProblemHandler implements ErrorWebExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(1);

  private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());
  private final ProblemWriter writer;
  private final Traces traces;

  ProblemHandler(ProblemWriter writer, Traces traces) {
    this.writer = writer;
    this.traces = traces;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted() || DisconnectedClientHelper.isClientDisconnectedException(failure)) {
      return Mono.error(failure); // too late for an answer: the connection is cut
    }
    ApiException problem = Problems.of(failure);
    response.setStatusCode(problem.code().status());
    HttpHeaders headers = response.getHeaders();
    headers.remove(HttpHeaders.CONTENT_ENCODING);
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    problem.headers().forEach(headers::set);
    byte[] body = writer.write(problem);
    headers.setContentLength(body.length);
    return Mono.deferContextual(context -> {
      report(exchange, problem, failure, traces.traceparent(context));
      return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    });
  }

  private void report(
      ServerWebExchange exchange,
      ApiException problem,
      Throwable failure,
      @Nullable String traceparent) {
    if (!problem.code().status().is5xxServerError()) {
      return;
    }
    boolean ours = problem.code() == ErrorCode.INTERNAL;
    if (!ours && !mayWarn()) {
      return;
    }
    LoggingEventBuilder event = ours ? log.atError().setCause(failure) : log.atWarn();
    event
        .addKeyValue("method", exchange.getRequest().getMethod().name())
        .addKeyValue("path", exchange.getRequest().getPath().value())
        .addKeyValue("code", problem.code().value())
        .addKeyValue("traceparent", traceparent)
        .log(ours ? "request failed" : "request refused: something it needs is away");
  }

  /// Once a second: an outage under load refuses thousands, and metrics count them all.
  private boolean mayWarn() {
    long now = System.nanoTime();
    long next = nextWarning.get();
    return now - next >= 0 && nextWarning.compareAndSet(next, now + BETWEEN_WARNINGS.toNanos());
  }
}
