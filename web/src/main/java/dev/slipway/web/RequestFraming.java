package dev.slipway.web;

import dev.slipway.web.FramingProblems.Answer;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Stands between the bytes of a connection and the server, below every filter. What cannot be read
/// it answers itself, after the answers that are still due, and ends the connection, because nobody
/// knows where the next request would begin: the server would tell of it by an empty answer, and by
/// a stack trace when it happens within a body.
///
/// A client that waits for leave to send its body (`Expect: 100-continue`) gets it at once when the
/// body is small enough to be read and dropped if it is refused: so the connection lives on.
/// Whoever wants to send more is told so by whoever reads the body, or is refused before.
final class RequestFraming extends ChannelDuplexHandler {
  private static final int READ_ANYWAY_BYTES = 1024 * 1024;

  /// For the client to read the answer: closed at once, what it still sends would wipe it out.
  private static final int LINGER_SECONDS = 1;

  private final FramingProblems problems;

  // CONFINED: to the connection's event loop
  private int due; // requests whose answer has not ended
  private boolean begun; // the first of them is being answered
  private boolean ended; // nothing is read or written any more
  private @Nullable Answer last;

  RequestFraming(FramingProblems problems) {
    this.problems = problems;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (ended || last != null) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      last = problems.of(request).orElse(null);
      due++;
      if (last == null && due == 1) {
        giveLeave(context, request);
      }
    } else if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
      last = problems.ofBody();
    }
    if (last == null) {
      context.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
      endIfLast(context);
    }
  }

  private static void giveLeave(ChannelHandlerContext context, HttpRequest request) {
    if (HttpUtil.is100ContinueExpected(request)
        && HttpUtil.getContentLength(request, 0L) <= READ_ANYWAY_BYTES) {
      request.headers().remove(HttpHeaderNames.EXPECT);
      var _ =
          context.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the caller holds
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (ended) {
      ReferenceCountUtil.release(message);
      promise.trySuccess();
      return;
    }
    Object written = message;
    if (message instanceof FullHttpResponse bare && isBare(bare)) {
      bare.release();
      written = problems.ofRequest().response(connectionOf(bare));
    }
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    context.write(written, promise);
    if (!interim) {
      begun = !(message instanceof LastHttpContent);
      due -= begun ? 0 : 1;
      endIfLast(context);
    }
  }

  /// Ends the connection once all that is left to answer is what could not be read.
  private void endIfLast(ChannelHandlerContext context) {
    Answer answer = last;
    if (answer == null || due > 1) {
      return;
    }
    ended = true;
    if (due == 0 || begun) {
      var _ = context.close();
      return;
    }
    var _ = context.channel().config().setAutoRead(true);
    var _ =
        context
            .writeAndFlush(answer.response(HttpHeaderValues.CLOSE))
            .addListener(_ -> endSending(context));
  }

  /// Tells the client that nothing more comes, and gives it time to read what came.
  static void endSending(ChannelHandlerContext context) {
    if (context.channel() instanceof DuplexChannel channel && channel.isActive()) {
      var _ = channel.shutdownOutput();
    }
    Runnable close =
        () -> {
          var _ = context.close();
        };
    var _ = context.executor().schedule(close, LINGER_SECONDS, TimeUnit.SECONDS);
  }

  /// A connection that broke is as good as closed: there is nobody to tell.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (failure instanceof IOException) {
      var _ = context.close();
    } else {
      context.fireExceptionCaught(failure);
    }
  }

  /// How the server refuses a path that is no URI.
  private static boolean isBare(FullHttpResponse response) {
    return response.status().codeClass() == HttpStatusClass.CLIENT_ERROR
        && !response.content().isReadable()
        && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
  }

  private static CharSequence connectionOf(FullHttpResponse response) {
    return HttpUtil.isKeepAlive(response) ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE;
  }
}
