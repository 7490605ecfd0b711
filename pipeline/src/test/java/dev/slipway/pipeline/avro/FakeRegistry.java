package dev.slipway.pipeline.avro;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A registry in this process that gives out ids, and fails in the way it is told.
final class FakeRegistry implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Integer, String> schemas = new ConcurrentHashMap<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  /// Status to answer with instead of the truth; 0 = tell the truth, -1 = never answer, -2 = send
  /// headers and stop.
  volatile int fault;

  volatile String faultBody = "";

  FakeRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int put(String schema) {
    for (var entry : schemas.entrySet()) {
      if (entry.getValue().equals(schema)) {
        return entry.getKey();
      }
    }
    int id = schemas.size() + 1;
    schemas.put(id, schema);
    return id;
  }

  private void handle(HttpExchange exchange) throws IOException {
    calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    @Nullable String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(authorization == null ? "" : authorization);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    switch (fault) {
      case 0 -> truth(exchange, body);
      case -1 -> hang();
      case -2 -> {
        exchange.sendResponseHeaders(200, 100);
        exchange.getResponseBody().flush();
        hang();
      }
      default -> send(exchange, fault, faultBody);
    }
  }

  private void hang() {
    try {
      boolean _ = closed.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void truth(HttpExchange exchange, String body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/schemas/ids/")) {
      String schema = schemas.get(Integer.valueOf(path.substring("/schemas/ids/".length())));
      if (schema == null) {
        send(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
      } else {
        send(exchange, 200, JSON.writeValueAsString(Map.of("schema", schema)));
      }
    } else if (path.endsWith("/versions")) {
      int id = put(JSON.readTree(body).get("schema").asString());
      send(exchange, 200, "{\"id\":" + id + "}");
    } else {
      String schema = JSON.readTree(body).get("schema").asString();
      if (schemas.containsValue(schema)) {
        send(exchange, 200, "{\"id\":" + put(schema) + ",\"version\":1}");
      } else {
        send(exchange, 404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
