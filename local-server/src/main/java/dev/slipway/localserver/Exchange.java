package dev.slipway.localserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// A request and its answer. One thread uses it.
public final class Exchange {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// What is read of a body that nobody wants: a client that is cut off in the middle of sending
  /// may never see the answer.
  private static final int UNWANTED_BYTES = 64 << 20;

  private static final int JSON_BYTES = 4 << 20;

  private final Request request;
  private final Response response;
  private final boolean answers;
  private final InputStream body;
  private final Fields query;

  // CONFINED: to the thread that handles the request
  private Map<String, String> parameters = Map.of();
  private boolean answered;
  private boolean cut;

  private Exchange(Request request, Response response, InputStream body, boolean answers) {
    this.request = request;
    this.response = response;
    this.body = body;
    this.answers = answers;
    query = queryOf(request);
  }

  static Exchange of(Request request, Response response) {
    return new Exchange(request, response, Content.Source.asInputStream(request), true);
  }

  /// The same request once more.
  ///
  /// @param answers whether its client gets an answer; without one, what is written goes nowhere,
  ///   as if the client had gone
  Exchange again(InputStream with, boolean answers) {
    Exchange again = new Exchange(request, response, with, answers);
    again.parameters = parameters;
    return again;
  }

  private static Fields queryOf(Request request) {
    try {
      return Request.extractQueryParameters(request, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new RefusedException(400, "the query is malformed");
    }
  }

  public String method() {
    return request.getMethod();
  }

  /// The path as it was sent.
  public String path() {
    return Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
  }

  /// The name of the host that was asked for, without its port.
  public String host() {
    return Optional.ofNullable(Request.getServerName(request)).orElse("");
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /// The query as it was sent.
  public Optional<String> queryString() {
    return Optional.ofNullable(request.getHttpURI().getQuery());
  }

  /// A parameter of the query, decoded; the first of several.
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.getValue(name));
  }

  /// What stands in the path in the place of a name of the route's pattern.
  public String parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).orElseThrow();
  }

  void routed(Route route) {
    parameters = route.parameters();
  }

  public InputStream body() {
    return body;
  }

  /// The body as JSON; an empty object when there is none.
  public JsonNode json() throws IOException {
    byte[] bytes = body.readNBytes(JSON_BYTES);
    if (bytes.length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (bytes.length == JSON_BYTES) {
      throw new RefusedException(413, "the body is too large");
    }
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException _) {
      throw new RefusedException(400, "the body is not JSON");
    }
  }

  /// Sets a header of the answer that has not begun.
  public Exchange set(String header, String value) {
    if (answers) {
      response.getHeaders().put(header, value);
    }
    return this;
  }

  /// Answers without a body.
  public void answer(int status) throws IOException {
    answer(status, new byte[0]);
  }

  /// Answers with JSON.
  public void answerJson(int status, Object json) throws IOException {
    set("Content-Type", "application/json; charset=utf-8");
    answer(status, JSON.writeValueAsBytes(json));
  }

  /// Answers with bytes of a type.
  public void answerBytes(int status, String type, byte[] bytes) throws IOException {
    set("Content-Type", type);
    answer(status, bytes);
  }

  /// Answers with text.
  public void answerText(int status, String text) throws IOException {
    set("Content-Type", "text/plain; charset=utf-8");
    answer(status, text.getBytes(StandardCharsets.UTF_8));
  }

  private void answer(int status, byte[] bytes) throws IOException {
    dropUnwanted();
    try (OutputStream out = begin(status, bytes.length)) {
      out.write(bytes);
    }
  }

  /// Begins an answer whose length nobody knows. Each write is sent at once; only what was closed
  /// is whole.
  public OutputStream stream(int status) {
    return begin(status, -1);
  }

  /// Begins an answer of a length.
  ///
  /// @param bytes negative when nobody knows it
  public OutputStream begin(int status, long bytes) {
    answered = true;
    if (!answers) {
      return new Unanswered();
    }
    response.setStatus(status);
    if (bytes > 0 || (bytes == 0 && status != 204)) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes);
    }
    return Content.Sink.asOutputStream(response);
  }

  private void dropUnwanted() throws IOException {
    long left = UNWANTED_BYTES;
    while (left > 0) {
      int read = body.readNBytes((int) Math.min(left, 1 << 14)).length;
      if (read == 0) {
        return;
      }
      left -= read;
    }
  }

  /// Ends the connection without the rest of the answer once the handler returns.
  public void cut() {
    cut = true;
  }

  boolean isCut() {
    return cut || !answers;
  }

  boolean isAnswered() {
    return answered;
  }

  /// Where an answer goes that nobody is to get.
  private static final class Unanswered extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("the answer is dropped");
    }

    @Override
    public void write(byte @Nullable [] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        throw new IOException("the answer is dropped");
      }
    }
  }
}
