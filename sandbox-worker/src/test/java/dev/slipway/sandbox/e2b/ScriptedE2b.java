package dev.slipway.sandbox.e2b;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.pipeline.security.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executors;
import org.springframework.util.unit.DataSize;

/// Answers as a test says, and remembers what it was asked.
final class ScriptedE2b implements AutoCloseable {
  static final String KEY = "e2b_canary_of_the_key";
  static final String TOKEN = "canary-of-the-token";
  static final String SANDBOX =
      """
      {"sandboxID":"i1","templateID":"base","clientID":"c","envdVersion":"0.6.13",
       "envdAccessToken":"%s","domain":null}\
      """
          .formatted(TOKEN);
  static final String DETAIL =
      """
      {"sandboxID":"i1","templateID":"base","clientID":"c","envdVersion":"0.6.13",
       "envdAccessToken":"%s","domain":null,"state":"STATE","metadata":{"op":"o1"},
       "startedAt":"2026-01-02T03:04:05.678901Z","endAt":"2026-01-02T04:04:05Z"}\
      """
          .formatted(TOKEN);

  private final HttpServer server;
  private final Map<String, Queue<Reply>> script = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();

  /// One answer; it may take its time or break off.
  interface Reply {
    void to(HttpExchange exchange) throws IOException;
  }

  /// @param target path and query as they came
  record Request(String method, String target, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return String.join(",", headers.getOrDefault(name, List.of()));
    }
  }

  private ScriptedE2b(HttpServer server) {
    this.server = server;
  }

  static ScriptedE2b start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var scripted = new ScriptedE2b(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", scripted::serve);
    server.start();
    return scripted;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Short limits, three attempts, and a breaker that needs more failures than one call makes.
  E2bProperties properties() {
    return properties(url());
  }

  static E2bProperties properties(URI url) {
    return new E2bProperties(
        new Secret(KEY),
        url,
        url,
        "e2b.app",
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        3,
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        DataSize.ofKilobytes(64),
        DataSize.ofKilobytes(64),
        10,
        50,
        Duration.ofSeconds(10));
  }

  /// The next answer to a method and path without query; the last one is repeated.
  ScriptedE2b on(String route, Reply reply) {
    synchronized (script) {
      script.computeIfAbsent(route, _ -> new ArrayDeque<>()).add(reply);
    }
    return this;
  }

  List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  List<String> targets() {
    return requests().stream().map(request -> request.method() + " " + request.target()).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String query = exchange.getRequestURI().getRawQuery();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    synchronized (requests) {
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              query == null ? path : path + "?" + query,
              Map.copyOf(exchange.getRequestHeaders()),
              body));
    }
    Reply reply;
    synchronized (script) {
      Queue<Reply> replies = script.get(exchange.getRequestMethod() + " " + path);
      reply =
          replies == null
              ? status(404, "404 page not found")
              : replies.size() > 1 ? replies.remove() : replies.element();
    }
    try (exchange) {
      reply.to(exchange);
    }
  }

  static Reply status(int status, String body, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    };
  }

  /// Breaks the connection instead of answering.
  static Reply nothing() {
    return HttpExchange::close;
  }

  /// A stream of events, which ends as its last bytes say.
  static Reply stream(byte[]... parts) {
    return exchange -> {
      OutputStream out = beginStream(exchange);
      for (byte[] part : parts) {
        out.write(part);
        out.flush();
      }
    };
  }

  static OutputStream beginStream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/connect+json");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  static byte[] event(String json) {
    return frame(0, "{\"event\":" + json + "}");
  }

  static byte[] last(String json) {
    return frame(2, json);
  }

  static byte[] frame(int flags, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) flags)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
