package dev.slipway.localserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles requests as their route does, or as badly as it has been asked to.
final class FaultyHandler extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(FaultyHandler.class);

  /// Of a request that is to be done twice.
  private static final int TWICE_BYTES = 8 << 20;

  private final ControlRoutes routes;
  private final ErrorShape errors;

  FaultyHandler(ControlRoutes routes, ErrorShape errors) {
    this.routes = routes;
    this.errors = errors;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      Exchange exchange = Exchange.of(request, response);
      if (handled(exchange).isCut()) {
        request.getConnectionMetaData().getConnection().getEndPoint().close();
        callback.failed(new EofException("cut"));
      } else {
        callback.succeeded();
      }
    } catch (RefusedException e) { // a query that cannot be read
      Response.writeError(request, response, callback, e.status());
    } catch (IOException e) {
      // the client has gone, and what it sent or was to get with it
      callback.failed(e);
    }
    return true;
  }

  /// @return the exchange that was answered in the end
  private Exchange handled(Exchange exchange) throws IOException {
    Route route;
    try {
      route = routes.route(exchange);
    } catch (RefusedException e) {
      refuse(exchange, e);
      return exchange;
    }
    exchange.routed(route);
    if (ControlRoutes.isControl(exchange)) {
      return done(route, exchange);
    }
    Faults.Fault fault = routes.faults().take(exchange.method(), route.path()).orElse(null);
    try {
      return fault == null ? done(route, exchange) : badlyDone(route, exchange, fault);
    } finally {
      routes.faults().answered(exchange.method(), route.path(), fault);
    }
  }

  private Exchange badlyDone(Route route, Exchange exchange, Faults.Fault fault)
      throws IOException {
    FaultRule rule = fault.rule();
    return switch (rule.kind()) {
      case DELAY -> {
        await(fault::awaitDelay);
        yield done(route, exchange);
      }
      case REORDER -> {
        await(fault::awaitOvertaken);
        yield done(route, exchange);
      }
      case REFUSE -> {
        refuse(exchange, new RefusedException(rule.status(), "refused, as a fault rule says"));
        yield exchange;
      }
      case LIMIT -> {
        refuse(
            exchange,
            errors.limited(
                rule.status(), Duration.ofSeconds(Math.max(1, rule.delay().toSeconds()))));
        yield exchange;
      }
      case DROP_ANSWER -> done(route, exchange.again(exchange.body(), false));
      case DUPLICATE -> {
        byte[] body = exchange.body().readNBytes(TWICE_BYTES);
        Exchange _ = done(route, exchange.again(new ByteArrayInputStream(body), false));
        InputStream rest = exchange.body();
        yield done(
            route,
            exchange.again(new SequenceInputStream(new ByteArrayInputStream(body), rest), true));
      }
    };
  }

  private Exchange done(Route route, Exchange exchange) throws IOException {
    try {
      route.handler().handle(exchange);
      if (!exchange.isAnswered()) {
        throw new IllegalStateException(route.pattern() + " did not answer");
      }
    } catch (RefusedException e) {
      refuse(exchange, e);
    } catch (IOException e) {
      if (!exchange.isCut()) {
        throw e;
      }
    } catch (RuntimeException e) {
      log.atError().addKeyValue("route", route.pattern()).setCause(e).log("request failed");
      refuse(exchange, new RefusedException(500, "internal error"));
    }
    return exchange;
  }

  private void refuse(Exchange exchange, RefusedException refused) throws IOException {
    if (exchange.isAnswered()) {
      // too late for another answer: what was begun must not look whole
      exchange.cut();
      return;
    }
    refused.headers().forEach(exchange::set);
    Map<String, Object> body = new LinkedHashMap<>(errors.body(refused.status(), refused.text()));
    body.putAll(refused.fields());
    try {
      exchange.answerJson(refused.status(), body);
    } catch (IOException e) {
      if (!exchange.isCut()) {
        throw e;
      }
    }
  }

  private interface Waiting {
    void run() throws InterruptedException;
  }

  private static void await(Waiting waiting) throws IOException {
    try {
      waiting.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server ends");
    }
  }
}
