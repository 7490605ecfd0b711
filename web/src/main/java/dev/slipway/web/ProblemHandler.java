package dev.slipway.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.pipeline.observability.LogPace;
import dev.slipway.pipeline.observability.Traces;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/// Answers every failure with a problem (RFC 9457), whichever filter or controller it comes from,
/// and logs the ones that are ours.
@Order(-2)
final class ProblemHandler implements ErrorWebExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

  private static final int LONGEST_PATH = 200;

  private final LogPace warnings = new LogPace();
  private final LogPace errors = new LogPace();
  private final Cache<String, Boolean> traced =
      Caffeine.newBuilder().maximumSize(100).expireAfterWrite(Duration.ofHours(1)).build();
  private final ProblemWriter writer;
  private final Traces traces;

  ProblemHandler(ProblemWriter writer, Traces traces) {
    this.writer = writer;
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
      report(exchange, problem, failure, traces.traceparent(context));
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

  private void report(
      ServerWebExchange exchange,
      ApiException problem,
      Throwable failure,
      @Nullable String traceparent) {
    switch (problem.code()) {
      case INTERNAL -> reportBug(exchange, failure, traceparent);
      case UNAVAILABLE, POOL_EXHAUSTED -> reportRefusal(exchange, problem.code(), traceparent);
      default -> {
        // the client knows, and metrics count it
      }
    }
  }

  /// Once a second: an outage under load refuses thousands.
  private void reportRefusal(
      ServerWebExchange exchange, ErrorCode code, @Nullable String traceparent) {
    if (warnings.mayLog()) {
      about(log.atWarn(), exchange, code, traceparent)
          .log("request refused: something it needs is away");
    }
  }

  /// Once a second too, because whoever finds a bug can cause it all the time; where it is, in
  /// full, the first time.
  private void reportBug(
      ServerWebExchange exchange, Throwable failure, @Nullable String traceparent) {
    if (!errors.mayLog()) {
      return;
    }
    StackTraceElement[] trace = failure.getStackTrace();
    String place = failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    LoggingEventBuilder event =
        about(log.atError(), exchange, ErrorCode.INTERNAL, traceparent)
            .addKeyValue("failure", place);
    if (traced.asMap().putIfAbsent(place, true) == null) {
      event = event.setCause(failure);
    }
    event.log("request failed");
  }

  private static LoggingEventBuilder about(
      LoggingEventBuilder event,
      ServerWebExchange exchange,
      ErrorCode code,
      @Nullable String traceparent) {
    String path = exchange.getRequest().getPath().value();
    return event
        .addKeyValue("method", exchange.getRequest().getMethod().name())
        .addKeyValue("path", path.substring(0, Math.min(path.length(), LONGEST_PATH)))
        .addKeyValue("code", code.value())
        .addKeyValue("traceparent", traceparent);
  }
}
