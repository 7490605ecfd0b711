package dev.slipway.pipeline.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.springframework.http.MediaType;

/// Gives a body to the bare 4xx with which the server refuses what it cannot even parse, below
/// every filter: a broken request line, a header too long, a path that is no URI.
///
/// The connection is closed after it, because nobody knows where the next request would begin.
final class UnreadableRequests extends ChannelOutboundHandlerAdapter {
  private final byte[] body;

  UnreadableRequests(ProblemWriter writer) {
    this.body =
        writer.write(
            new ApiException(ErrorCode.MALFORMED, "The request line or a header is malformed."));
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the caller holds
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof FullHttpResponse bare && isBare(bare)) {
      bare.release();
      ByteBuf content = context.alloc().buffer(body.length).writeBytes(body);
      context.write(problem(content), promise.addListener(ChannelFutureListener.CLOSE));
    } else {
      context.write(message, promise);
    }
  }

  private static boolean isBare(FullHttpResponse response) {
    return response.status().code() >= 400
        && !response.content().isReadable()
        && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
  }

  private static FullHttpResponse problem(ByteBuf content) {
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST, content);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }
}
