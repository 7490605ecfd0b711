package dev.slipway.ingress.delivery;

import dev.slipway.pipeline.observability.Traces;
import dev.slipway.web.ApiException;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/// Takes one delivery from its headers to its acknowledgement.
final class DeliveryIntake {
  private final Admission admission;
  private final SigningSecrets secrets;
  private final ByteBudget budget;
  private final BodyPace pace;
  private final DeliveryJudge judge;
  private final Traces traces;

  DeliveryIntake(
      Admission admission,
      SigningSecrets secrets,
      ByteBudget budget,
      BodyPace pace,
      DeliveryJudge judge,
      Traces traces) {
    this.admission = admission;
    this.secrets = secrets;
    this.budget = budget;
    this.pace = pace;
    this.judge = judge;
    this.traces = traces;
  }

  /// Takes the delivery of one request.
  ///
  /// @return the delivery's id once its record is acknowledged, else an [ApiException]
  Mono<UUID> take(ServerWebExchange exchange) {
    return Mono.deferContextual(context -> {
      RequestHead head;
      ByteBudget.Lease room;
      try {
        head = admission.admit(exchange.getRequest());
        room = budget.open(Math.max(0, head.declaredBytes())).orElseThrow(Refusals::noRoom);
      } catch (ApiException refusal) {
        return drop(exchange, refusal);
      }
      return take(exchange, head, room, traces.traceparent(context)).doFinally(_ -> room.close());
    });
  }

  private Mono<UUID> take(
      ServerWebExchange exchange,
      RequestHead head,
      ByteBudget.Lease room,
      @Nullable String traceparent) {
    ServerHttpRequest request = exchange.getRequest();
    SigningSecrets.Check check = secrets.check();
    BodyReceiver receiver = BodyReceiver.keeping(head, room, check);
    return pace.watch(receiver, receive(request, receiver))
        .doOnTerminate(() -> endAbandoned(exchange, receiver))
        .then(
            Mono.defer(() ->
                judge.record(
                    new DeliveryJudge.Case(
                        head, request.getHeaders(), check, receiver, traceparent),
                    eventLoop(request))));
  }

  private Mono<UUID> drop(ServerWebExchange exchange, ApiException refusal) {
    HttpHeaders headers = exchange.getRequest().getHeaders();
    if (headers.containsHeader(HttpHeaders.EXPECT)) {
      // The client waits for leave to send its body, and does not get it.
      close(exchange);
      return Mono.error(refusal);
    }
    BodyReceiver receiver = BodyReceiver.dropping(refusal);
    return pace.watchDropped(receiver, receive(exchange.getRequest(), receiver), refusal)
        .doOnTerminate(() -> endAbandoned(exchange, receiver))
        .then(Mono.error(refusal));
  }

  private static Mono<Void> receive(ServerHttpRequest request, BodyReceiver receiver) {
    return request
        .getBody()
        .<Void>handle((buffer, sink) -> {
          if (!receiver.receive(buffer)) {
            sink.complete();
          }
        })
        .then();
  }

  private static void endAbandoned(ServerWebExchange exchange, BodyReceiver receiver) {
    if (receiver.abandoned()) {
      close(exchange);
    }
  }

  private static void close(ServerWebExchange exchange) {
    exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
  }

  private static Executor eventLoop(ServerHttpRequest request) {
    Connection connection = ServerHttpRequestDecorator.getNativeRequest(request);
    return connection.channel().eventLoop();
  }
}
