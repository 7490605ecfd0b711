package dev.slipway.web;

import dev.slipway.pipeline.observability.Traces;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/// A request of a [DirectRoute], and the way to answer it: once, on the event loop of its
/// connection. An answer that comes before the whole body ends the connection.
public final class DirectRequest {
  private final DirectConnection connection;
  private final ChannelHandlerContext context;
  private final DirectRoutes routes;
  private final DirectRoute route;
  private final HttpRequest received;
  private final HttpHeaders headers;
  private final Traces.Request trace;
  private final long beganNanos = System.nanoTime();

  // CONFINED: to the connection's event loop
  private boolean isLast;
  private boolean over;

  DirectRequest(
      DirectConnection connection,
      ChannelHandlerContext context,
      DirectRoutes routes,
      DirectRoute route,
      HttpRequest received) {
    this.connection = connection;
    this.context = context;
    this.routes = routes;
    this.route = route;
    this.received = received;
    this.headers = DirectRoutes.headers(received);
    this.trace = routes.begin(route, headers);
    this.isLast = !HttpUtil.isKeepAlive(received);
  }

  public HttpHeaders headers() {
    return headers;
  }

  /// Who is at the other end of the connection; null when that is unknown.
  public @Nullable InetAddress remoteAddress() {
    return context.channel().remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : null;
  }

  /// Of its trace (W3C Trace Context §3.2).
  public String traceparent() {
    return trace.traceparent();
  }

  /// Runs what it is given on the event loop of the connection.
  public Executor eventLoop() {
    return context.executor();
  }

  /// Whether the client sends its body only when it is told to (RFC 9110 §10.1.1).
  public boolean awaitsLeave() {
    return HttpUtil.is100ContinueExpected(received);
  }

  /// Tells the client to send its body.
  public void giveLeave() {
    var _ =
        context.writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
  }

  /// Answers with JSON.
  public void answer(HttpStatus status, byte[] json) {
    write(status, MediaType.APPLICATION_JSON_VALUE, json, null);
  }

  /// Answers with the problem (RFC 9457) that a failure is.
  public void fail(Throwable failure) {
    if (over) {
      return;
    }
    ApiException problem = Problems.of(failure);
    byte[] json = routes.problem(route, problem, failure, traceparent());
    write(problem.code().status(), MediaType.APPLICATION_PROBLEM_JSON_VALUE, json, problem);
  }

  /// Nobody waits for the answer any more.
  ///
  /// @return whether it was still due
  boolean abandon() {
    if (over) {
      return false;
    }
    over = true;
    trace.abandoned();
    return true;
  }

  /// Whether it has been answered, or need not be any more.
  boolean isOver() {
    return over;
  }

  private void write(
      HttpStatus status, String mediaType, byte[] body, @Nullable ApiException problem) {
    if (over) {
      return;
    }
    over = true;
    isLast |= !connection.hasWholeBody() || routes.isStopping();
    FullHttpResponse response = response(status, body);
    io.netty.handler.codec.http.HttpHeaders sent = response.headers();
    SecurityHeaders.HEADERS.forEach(sent::set);
    sent.set(HttpHeaderNames.CONTENT_TYPE, mediaType)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (problem != null) {
      problem.headers().forEach(sent::set);
    }
    if (isLast) {
      sent.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (received.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      sent.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    var _ = context.writeAndFlush(response).addListener(_ -> connection.answered(context, isLast));
    routes.answered(route, status, System.nanoTime() - beganNanos);
    trace.answered(status.value());
  }

  private static FullHttpResponse response(HttpStatus status, byte[] body) {
    var unchecked = DefaultHttpHeadersFactory.headersFactory().withValidation(false);
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(status.value()),
        Unpooled.wrappedBuffer(body),
        unchecked,
        unchecked);
  }
}
