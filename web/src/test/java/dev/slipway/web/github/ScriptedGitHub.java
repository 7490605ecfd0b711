package dev.slipway.web.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// A server that answers what a test says, below `/api/v3`.
final class ScriptedGitHub implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /// A request as it came.
  record Asked(String method, String resource, String authorization, String body, String etag) {
    String route() {
      return method + " " + resource;
    }
  }

  /// What is answered to a request.
  interface Script {
    Reply reply(Asked asked) throws InterruptedException;
  }

  /// An answer.
  ///
  /// @param headers name, value, name, value
  /// @param missing bytes that are promised and do not come
  record Reply(int status, String body, List<String> headers, int missing) {
    static Reply of(int status, String body, String... headers) {
      return new Reply(status, body, List.of(headers), 0);
    }

    static Reply cutOff(int status, String body) {
      return new Reply(status, body, List.of(), 1);
    }
  }

  ScriptedGitHub() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI api() {
    return URI.create(url() + "/api/v3");
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The settings of who speaks to it.
  GitHubProperties properties(String... settings) {
    Map<String, String> all = new HashMap<>();
    all.put("slipway.github.api-url", api().toString());
    for (String setting : settings) {
      String[] pair = setting.split("=", 2);
      all.put("slipway.github." + pair[0], pair[1]);
    }
    return new Binder(new MapConfigurationPropertySource(all))
        .bindOrCreate("slipway.github", GitHubProperties.class);
  }

  /// Answers a route, such as `GET /repos/acme/site`.
  ScriptedGitHub on(String route, Script script) {
    scripts.put(route, script);
    return this;
  }

  /// Answers a route with one after the other, and then with the last.
  ScriptedGitHub inTurn(String route, Script... scripts) {
    var left = new ArrayDeque<>(List.of(scripts));
    return on(
        route,
        asked -> {
          Script next;
          synchronized (left) {
            next = left.size() > 1 ? left.remove() : left.element();
          }
          return next.reply(asked);
        });
  }

  ScriptedGitHub on(String route, int status, String body, String... headers) {
    return on(route, _ -> Reply.of(status, body, headers));
  }

  /// What was asked for so far.
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  List<String> routes() {
    return asked().stream().map(Asked::route).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString().replaceFirst("^/api/v3", ""),
              header(exchange, "Authorization"),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8),
              header(exchange, "If-None-Match"));
      asked.add(request);
      Reply reply =
          Optional.ofNullable(scripts.get(request.route()))
              .orElse(_ -> Reply.of(404, "{\"message\":\"Not Found\"}"))
              .reply(request);
      var headers = new ArrayList<>(reply.headers());
      for (int i = 0; i < headers.size(); i += 2) {
        exchange.getResponseHeaders().add(headers.get(i), headers.get(i + 1));
      }
      byte[] body = reply.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(
          reply.status(), body.length == 0 ? -1 : body.length + reply.missing());
      exchange.getResponseBody().write(body);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
