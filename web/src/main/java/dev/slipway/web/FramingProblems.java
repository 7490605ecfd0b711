package dev.slipway.web;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/// The answers to what cannot be read as HTTP, written once for all connections.
///
/// | What comes | Answer |
/// |---|---|
/// | a transfer coding other than `chunked` | 501 `not_implemented` |
/// | anything else: a broken request line, header or chunk, too long a line, `Content-Length` beside `Transfer-Encoding` | 400 `malformed` |
final class FramingProblems {
  private final Answer request;
  private final Answer line;
  private final Answer headers;
  private final Answer coding;
  private final Answer body;

  /// @param line how long a request line may be
  FramingProblems(ProblemWriter writer, DataSize line) {
    this.request = malformed(writer, "The request line or a header is malformed.");
    this.line =
        malformed(
            writer,
            "The request line is longer than %d bytes: ask for less at once, or raise %s."
                .formatted(line.toBytes(), "slipway.web.max-request-line"));
    this.headers = malformed(writer, "The headers are too long.");
    this.coding =
        new Answer(
            writer,
            new ApiException(
                ErrorCode.NOT_IMPLEMENTED, "No transfer coding but chunked is known here."));
    this.body = malformed(writer, "The chunks of the body are malformed.");
  }

  private static Answer malformed(ProblemWriter writer, String detail) {
    return new Answer(writer, new ApiException(ErrorCode.MALFORMED, detail));
  }

  /// What is wrong with a request whose headers have come; empty when nothing is.
  Optional<Answer> of(HttpRequest received) {
    HttpHeaders fields = received.headers();
    boolean coded = fields.contains(HttpHeaderNames.TRANSFER_ENCODING);
    if (coded && fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return Optional.of(request);
    }
    if (coded && !isChunked(fields)) {
      return Optional.of(coding);
    }
    return received.decoderResult().isFailure()
        ? Optional.of(
            switch (received.decoderResult().cause()) {
              case TooLongHttpLineException _ -> line;
              case TooLongHttpHeaderException _ -> headers;
              default -> request;
            })
        : Optional.empty();
  }

  private static boolean isChunked(HttpHeaders fields) {
    return fields.getAll(HttpHeaderNames.TRANSFER_ENCODING).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .allMatch(HttpHeaderValues.CHUNKED::contentEqualsIgnoreCase);
  }

  /// To a body whose chunks cannot be read.
  Answer ofBody() {
    return body;
  }

  /// To what was found out later, such as a path that is no URI.
  Answer ofRequest() {
    return request;
  }

  /// One answer.
  static final class Answer {
    private final HttpResponseStatus status;
    private final byte[] problem;

    private Answer(ProblemWriter writer, ApiException refusal) {
      this.status = HttpResponseStatus.valueOf(refusal.code().status().value());
      this.problem = writer.write(refusal);
    }

    /// @param connection value of that header
    FullHttpResponse response(CharSequence connection) {
      var response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(problem));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
          .setInt(HttpHeaderNames.CONTENT_LENGTH, problem.length)
          .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
          .set("X-Content-Type-Options", "nosniff")
          .set(HttpHeaderNames.CONNECTION, connection);
      return response;
    }
  }
}
