package dev.slipway.standalone.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Stands between GitHub and the ingress: takes each delivery and brings it until it is accepted,
/// as relays in front of a webhook do, and is asked to bring some twice or in another order.
final class Courier implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(12);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration HELD_BACK = Duration.ofSeconds(3);
  private static final String DELIVERY = "X-GitHub-Delivery";
  private static final String PATH = "/webhooks";

  /// What a delivery is without.
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("Host", "Content-length", "Connection", "Upgrade", "Http2-settings");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final ExecutorService carriers = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final URI ingress;

  /// How often each was accepted, by its id.
  private final Map<String, Integer> accepted = new ConcurrentHashMap<>();

  /// How often each was brought, by its id, accepted or not.
  private final Map<String, Integer> brought = new ConcurrentHashMap<>();

  /// Pull requests that GitHub has told of.
  private final Set<Opening> openings = ConcurrentHashMap.newKeySet();

  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();

  // CONFINED: to who holds this
  private int toDouble;
  private int toHold;
  private final List<Parcel> held = new ArrayList<>();

  private record Parcel(String id, HttpRequest request) {}

  private Courier(HttpServer server, URI ingress) {
    this.server = server;
    this.ingress = ingress;
  }

  /// Starts, on a port of its own.
  ///
  /// @param ingress where accepted deliveries go
  static Courier start(URI ingress) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Courier courier = new Courier(server, ingress);
    var _ = server.createContext(PATH, courier::take);
    server.setExecutor(courier.carriers);
    server.start();
    return courier;
  }

  /// Where GitHub sends deliveries.
  String url() {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), PATH);
  }

  /// Has the next ones brought twice.
  synchronized void twice(int count) {
    toDouble += count;
  }

  /// Has the next ones gathered, and brought the last one first.
  synchronized void reorder(int count) {
    toHold += count;
  }

  /// How often each delivery was accepted, by its id.
  Map<String, Integer> accepted() {
    return Map.copyOf(accepted);
  }

  /// How often each delivery was brought, by its id. One that was not accepted may have been kept
  /// all the same: the broker ended before it said so, or the ingress did.
  Map<String, Integer> brought() {
    return Map.copyOf(brought);
  }

  /// Pull requests of tasks that GitHub has told of.
  Set<Opening> openings() {
    return Set.copyOf(openings);
  }

  /// How many were refused for good.
  int refused() {
    return refused.get();
  }

  /// How many it has taken that the ingress has not.
  int underWay() {
    return underWay.get();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      Parcel parcel = parcel(exchange);
      int _ = underWay.incrementAndGet();
      send(parcel);
      exchange.sendResponseHeaders(202, -1);
    }
  }

  private Parcel parcel(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ingress).timeout(LIMIT).POST(BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!OF_THE_CONNECTION.contains(name)) {
            request.header(name, values.getFirst());
          }
        });
    Opening.told(String.valueOf(exchange.getRequestHeaders().getFirst("X-GitHub-Event")), body)
        .ifPresent(openings::add);
    return new Parcel(
        String.valueOf(exchange.getRequestHeaders().getFirst(DELIVERY)), request.build());
  }

  private synchronized void send(Parcel parcel) {
    if (toHold > 0) {
      toHold--;
      held.add(parcel);
      if (held.size() == 1) {
        var _ = carriers.submit(this::releaseLater);
      }
      if (toHold == 0) {
        release();
      }
      return;
    }
    boolean isTwice = toDouble > 0;
    if (isTwice) {
      toDouble--;
      int _ = underWay.incrementAndGet();
      var _ = carriers.submit(() -> bring(parcel));
    }
    var _ = carriers.submit(() -> bring(parcel));
  }

  /// There may be none to fill the number.
  private void releaseLater() {
    LockSupport.parkNanos(HELD_BACK.toNanos());
    release();
  }

  private synchronized void release() {
    List<Parcel> parcels = held.reversed().stream().toList();
    held.clear();
    var _ = carriers.submit(() -> parcels.forEach(this::bring));
  }

  private void bring(Parcel parcel) {
    try {
      int status = status(parcel);
      while (status >= 500 && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        status = status(parcel);
      }
      if (status == 202) {
        int _ = accepted.merge(parcel.id, 1, Integer::sum);
      } else {
        int _ = refused.incrementAndGet();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      int _ = underWay.decrementAndGet();
    }
  }

  /// 503 when there is no answer.
  private int status(Parcel parcel) throws InterruptedException {
    int _ = brought.merge(parcel.id, 1, Integer::sum);
    try {
      HttpResponse<Void> answer = client.send(parcel.request, BodyHandlers.discarding());
      return answer.statusCode();
    } catch (IOException _) {
      return 503;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    var _ = carriers.shutdownNow();
    client.shutdownNow();
  }
}
