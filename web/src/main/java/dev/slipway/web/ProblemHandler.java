package dev.slipway.web;

import dev.slipway.pipeline.observability.Traces;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/// Answers every failure with a problem (RFC 9457), whichever filter or controller it comes from,
/// and has the ones that are ours logged.
@Order(-2)
final class ProblemHandler implements ErrorWebExceptionHandler {
  private final ProblemWriter writer;
  private final ProblemLog log;
  private final Traces traces;

  ProblemHandler(ProblemWriter writer, ProblemLog log, Traces traces) {
    this.writer = writer;
    this.log = log;
    this.traces = traces;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      return Mono.error(failure); // too late for an answer: the connection is cut
    }
    if (DisconnectedClientHelper.isClientDisconnectedException(failure) && isGone(exchange)) {
      response.setStatusCode(
          ErrorCode.MALFORMED.status()); // for metrics: nobody is there to read it
      return Mono.empty();
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
      ServerHttpRequest request = exchange.getRequest();
      log.failed(
          request.getMethod().name(),
          request.getPath().value(),
          problem,
          failure,
          traces.traceparent(context));
      return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    });
  }

  /// Whether it is this client that went, and not a server that we are a client of.
  private static boolean isGone(ServerWebExchange exchange) {
    AtomicBoolean active = new AtomicBoolean(true);
    if (ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest())
        instanceof HttpServerRequest received) {
      received.withConnection(connection -> active.set(connection.channel().isActive()));
    }
    return !active.get();
  }
}
