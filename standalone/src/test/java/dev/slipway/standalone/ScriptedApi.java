package dev.slipway.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An API that answers what it is told to, each answer once but the last one for ever, and 404
/// otherwise; and commands that are run against it.
final class ScriptedApi implements AutoCloseable {
  /// What it was asked.
  ///
  /// @param request method and path
  /// @param key the idempotency key; empty when it has none
  /// @param resumes the position that a stream goes on from; empty likewise
  record Asked(String request, String body, String key, String resumes) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }
  }

  private record Answer(int status, String body, Map<String, String> headers) {}

  /// @param out standard output
  /// @param err standard error
  record Ran(int exit, String out, String err) {}

  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  ScriptedApi() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  ScriptedApi on(String request, String body) {
    return on(request, 200, body, Map.of());
  }

  ScriptedApi on(String request, int status, String body, Map<String, String> headers) {
    answers
        .computeIfAbsent(request, _ -> new ArrayDeque<>())
        .add(new Answer(status, body, headers));
    return this;
  }

  List<Asked> asked(String request) {
    return asked.stream().filter(each -> each.request().equals(request)).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(
        new Asked(
            request,
            new String(exchange.getRequestBody().readAllBytes(), UTF_8),
            header(exchange, "Idempotency-Key"),
            header(exchange, "Last-Event-ID")));
    Answer answer = next(request);
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private synchronized Answer next(String request) {
    Deque<Answer> waiting = answers.getOrDefault(request, new ArrayDeque<>());
    Answer found = waiting.size() > 1 ? waiting.removeFirst() : waiting.peekFirst();
    return found == null ? new Answer(404, "{\"detail\":\"There is none.\"}", Map.of()) : found;
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  Ran run(String... arguments) {
    return runWith("", arguments);
  }

  /// As the other, with this on standard input.
  Ran runWith(String input, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort(), "--token", "t"));
    all.addAll(List.of(arguments));
    var out = new StringWriter();
    var err = new StringWriter();
    var nothing = new ByteArrayOutputStream();
    int exit =
        Slipway.commandLine(
                Map.of(),
                Clock.systemUTC(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                new StandardStreams(
                    new ByteArrayInputStream(input.getBytes(UTF_8)), nothing, nothing))
            .execute(all.toArray(String[]::new));
    return new Ran(exit, out.toString(), err.toString());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
