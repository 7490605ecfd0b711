package dev.slipway.locale2b.envd;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RouteHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Makes routes of calls of the Connect protocol, with JSON as its codec.
final class Rpc {
  private static final Duration KEEPALIVE = Duration.ofSeconds(90);
  private static final long LONGEST_SECONDS = 24L * 60 * 60;

  private final Function<Exchange, Daemon> daemons;

  /// A call with one answer.
  interface Unary {
    Object answer(RpcCall call) throws IOException, InterruptedException;
  }

  /// A call that answers with a stream.
  interface Streaming {
    void run(RpcCall call, Stream stream) throws IOException, InterruptedException;
  }

  /// Where such a call writes.
  ///
  /// @param envelopes ended for it when it returns
  record Stream(Envelopes envelopes) {
    void message(Object json) throws IOException {
      envelopes.message(json);
    }
  }

  /// The stream breaks off, as when its sandbox has gone.
  static final class BrokenOffException extends RuntimeException {
    BrokenOffException() {
      super("broken off", null, false, false);
    }
  }

  /// @param daemons the one that a request is for; refuses those without its token
  Rpc(Function<Exchange, Daemon> daemons) {
    this.daemons = daemons;
  }

  RouteHandler unary(Unary unary) {
    return exchange -> {
      Daemon daemon = daemons.apply(exchange);
      try {
        JsonNode request = exchange.json();
        exchange.answerJson(200, unary.answer(call(exchange, daemon, request)));
      } catch (RpcException e) {
        exchange.answerJson(e.code().status(), e.json());
      } catch (BrokenOffException _) {
        throw Admission.gone(daemon.id());
      } catch (InterruptedException _) {
        throw interrupted();
      }
    };
  }

  RouteHandler streaming(Streaming streaming) {
    return exchange -> {
      Daemon daemon = daemons.apply(exchange);
      exchange.set("Content-Type", "application/connect+json");
      // closed only when it is whole: who is cut off must see that he is
      OutputStream out = exchange.stream(200);
      Envelopes envelopes = new Envelopes(out);
      try {
        JsonNode request = Envelopes.read(exchange.body());
        streaming.run(call(exchange, daemon, request), new Stream(envelopes));
        envelopes.end();
      } catch (RpcException e) {
        envelopes.end(e);
      } catch (BrokenOffException _) {
        exchange.cut();
        return;
      } catch (InterruptedException _) {
        throw interrupted();
      }
      out.close();
    };
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the server ends");
  }

  private static RpcCall call(Exchange exchange, Daemon daemon, JsonNode request) {
    return new RpcCall(
        daemon,
        Account.ofAuthorization(exchange.header("Authorization")),
        request,
        number(exchange, "Keepalive-Ping-Interval")
            .filter(seconds -> seconds > 0)
            .map(Duration::ofSeconds)
            .orElse(KEEPALIVE),
        number(exchange, "Connect-Timeout-Ms").map(Duration::ofMillis));
  }

  private static Optional<Long> number(Exchange exchange, String header) {
    try {
      return exchange
          .header(header)
          .map(Long::parseLong)
          .map(value -> Math.clamp(value, 0, LONGEST_SECONDS * 1_000));
    } catch (NumberFormatException _) {
      throw new RpcException(RpcCode.INVALID_ARGUMENT, header + " is no number");
    }
  }
}
