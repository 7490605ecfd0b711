package dev.slipway.sandbox.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A way to a [Site] on which happens what it does not do itself: objects that LFS keeps, redirects
/// to elsewhere, a race with somebody who pushes.
final class Detour implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> PASSED_ON =
      Set.of("authorization", "content-type", "content-encoding", "git-protocol", "accept");

  private final Site site;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile @Nullable String redirect;
  private volatile @Nullable String objectsAt;
  private volatile Runnable beforePush = () -> {};

  Detour(Site site) {
    this.site = site;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    var _ = server.createContext("/", this::handle);
    server.start();
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// An object that LFS keeps; anybody may have it who knows where it is.
  ///
  /// @return its pointer
  String keep(byte[] content) {
    try {
      String oid = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      objects.put(oid, content);
      return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
          .formatted(oid, content.length);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Says that objects are elsewhere.
  void keepAt(String address) {
    objectsAt = address;
  }

  /// What came with requests for objects: no credential of the repository's.
  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /// What happens right before somebody is told what he pushes to.
  void beforePush(Runnable meanwhile) {
    beforePush = meanwhile;
  }

  /// Sends everybody elsewhere.
  void redirect(String to) {
    redirect = to;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String to = redirect;
      if (path.startsWith("/objects/")) {
        object(exchange, path.substring("/objects/".length()));
      } else if (to != null) {
        exchange.getResponseHeaders().set("Location", to + exchange.getRequestURI());
        exchange.sendResponseHeaders(301, -1);
      } else if (path.endsWith("/info/lfs/objects/batch")) {
        batch(exchange);
      } else {
        if ("service=git-receive-pack".equals(exchange.getRequestURI().getQuery())) {
          beforePush.run();
        }
        pass(exchange);
      }
    }
  }

  private void batch(HttpExchange exchange) throws IOException {
    String at = objectsAt == null ? "http://" + host() : objectsAt;
    String known =
        JSON.readTree(exchange.getRequestBody().readAllBytes())
            .path("objects")
            .valueStream()
            .map(one -> one.path("oid").asString())
            .filter(objects::containsKey)
            .map(oid ->
                "{\"oid\": \"%s\", \"actions\": {\"download\": {\"href\": \"%s/objects/%s\"}}}"
                    .formatted(oid, at, oid))
            .collect(Collectors.joining(","));
    answer(exchange, "{\"objects\": [%s]}".formatted(known).getBytes(StandardCharsets.UTF_8));
  }

  private void object(HttpExchange exchange, String oid) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      authorizations.add(authorization);
    }
    answer(exchange, objects.getOrDefault(oid, new byte[0]));
  }

  private static void answer(HttpExchange exchange, byte[] content) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
  }

  private void pass(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + site.host() + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
            request.header(name, values.getFirst());
          }
        });
    try {
      HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
      for (String name : List.of("content-type", "www-authenticate", "location")) {
        answer
            .headers()
            .firstValue(name)
            .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
      }
      exchange.sendResponseHeaders(answer.statusCode(), 0);
      try (InputStream body = answer.body()) {
        var _ = body.transferTo(exchange.getResponseBody());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.close();
  }
}
