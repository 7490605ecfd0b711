package dev.slipway.web;

import dev.slipway.web.DirectRoute.Body;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Takes from a connection what is for a [DirectRoute]; the rest goes on to WebFlux. Answers keep
/// the order of their requests (RFC 9112 §9.3.2): what comes while an answer is due from the other
/// side waits for it, and while something waits nothing more is read.
final class DirectConnection extends ChannelDuplexHandler {
  private final DirectRoutes routes;

  // CONFINED: to the connection's event loop
  private final Queue<Object> waiting = new ArrayDeque<>();
  private int passed; // requests that went on and whose answer has not ended
  private @Nullable DirectRequest request; // is answered here
  private @Nullable Body body; // of it
  private boolean whole; // it has all come
  private boolean closing; // an answer of the other side was the last one
  private boolean readHeld; // somebody wanted to read while something waited
  private boolean ended; // nothing is read any more

  DirectConnection(DirectRoutes routes) {
    this.routes = routes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (waiting.isEmpty() && !mustWait(message)) {
      take(context, message);
    } else {
      waiting.add(message);
    }
  }

  private boolean mustWait(Object message) {
    if (request != null) {
      return whole || message instanceof HttpRequest;
    }
    return passed > 0 && message instanceof HttpRequest received && route(received).isPresent();
  }

  /// None after an answer that ends the connection: the server drops what comes behind it.
  private Optional<DirectRoute> route(HttpRequest received) {
    return closing ? Optional.empty() : routes.find(received);
  }

  private void take(ChannelHandlerContext context, Object message) {
    if (ended) {
      ReferenceCountUtil.release(message);
    } else if (request != null && message instanceof HttpContent content) {
      receive(request, content);
    } else if (message instanceof HttpRequest received) {
      route(received)
          .ifPresentOrElse(route -> open(context, route, received), () -> pass(context, received));
    } else {
      context.fireChannelRead(message);
    }
  }

  private void pass(ChannelHandlerContext context, HttpRequest received) {
    passed++;
    context.fireChannelRead(received);
  }

  private void open(ChannelHandlerContext context, DirectRoute route, HttpRequest received) {
    // reads come one by one, when there is something to do with what they bring
    var _ = context.channel().config().setAutoRead(false);
    var opened = new DirectRequest(this, context, routes, route, received);
    request = opened;
    whole = false;
    routes.entered();
    try {
      body = route.open(opened);
    } catch (RuntimeException bug) {
      opened.fail(bug);
    }
  }

  private void receive(DirectRequest receiving, HttpContent content) {
    Body taker = body;
    try {
      if (taker == null || receiving.isOver()) {
        return; // what still comes after the last answer
      }
      if (content.content().isReadable()) {
        taker.part(content.content());
      }
      if (content instanceof LastHttpContent && !receiving.isOver()) {
        whole = true;
        taker.end();
      }
    } catch (RuntimeException bug) {
      receiving.fail(bug);
    } finally {
      content.release();
    }
  }

  /// Whether all of the request's body has come.
  boolean hasWholeBody() {
    return whole;
  }

  /// The answer has been written.
  ///
  /// @param last nothing comes after it
  void answered(ChannelHandlerContext context, boolean last) {
    routes.left();
    request = null;
    body = null;
    if (last) {
      ended = true;
      end(context);
    }
    goOn(context);
  }

  private void end(ChannelHandlerContext context) {
    if (whole) {
      var _ = context.close();
    } else {
      // closed at once, or unread, what the client still sends would wipe the answer out
      var _ = context.channel().config().setAutoRead(true);
      RequestFraming.endSending(context);
    }
  }

  /// Takes what waited, as far as it may.
  private void goOn(ChannelHandlerContext context) {
    boolean some = false;
    while (!waiting.isEmpty() && !mustWait(waiting.element())) {
      take(context, waiting.remove());
      some = true;
    }
    if (some) {
      context.fireChannelReadComplete();
    }
    if (waiting.isEmpty() && !ended && (readHeld || wantsMore())) {
      readHeld = false;
      context.read();
    }
  }

  /// Whether it is for this side to read: a request's body, or the next request.
  private boolean wantsMore() {
    return request == null ? passed == 0 : !whole;
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (waiting.isEmpty()) {
      context.read();
    } else {
      readHeld = true;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (request == null) {
      context.fireChannelReadComplete();
    } else if (!whole) {
      context.read();
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the caller holds
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    closing |= !interim && message instanceof HttpResponse last && !HttpUtil.isKeepAlive(last);
    context.write(message, promise);
    if (message instanceof LastHttpContent && !interim) {
      passed = Math.max(0, passed - 1);
      if (!waiting.isEmpty()) {
        context.executor().execute(() -> goOn(context)); // whoever writes is not done yet
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended = true;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    DirectRequest unanswered = request;
    if (unanswered != null && unanswered.abandon()) {
      routes.left();
      if (body != null) {
        body.gone();
      }
    }
    context.fireChannelInactive();
  }
}
