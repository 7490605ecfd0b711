package dev.slipway.standalone.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A courier between a client and an ingress that answers as it is told.
class CourierTest {
  private final List<String> came = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger status = new AtomicInteger(202);
  private HttpServer ingress;
  private Courier courier;

  @BeforeEach
  void start() throws IOException {
    ingress = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var _ = ingress.createContext("/", this::take);
    ingress.start();
    courier =
        Courier.start(URI.create("http://127.0.0.1:" + ingress.getAddress().getPort() + "/hooks"));
  }

  @AfterEach
  void close() {
    courier.close();
    ingress.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String id = exchange.getRequestHeaders().getFirst("X-GitHub-Delivery");
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        exchange.sendResponseHeaders(503, -1);
      } else {
        came.add(id + " " + body);
        exchange.sendResponseHeaders(status.get(), -1);
      }
    }
  }

  @Test
  void aDeliveryIsBroughtAsItCame() throws Exception {
    send("a");

    awaitIdle();

    assertThat(came).containsExactly("a body of a");
    assertThat(courier.accepted()).isEqualTo(Map.of("a", 1));
  }

  @Test
  void whatTheIngressDoesNotTakeIsBroughtAgain() throws Exception {
    refusals.set(2);

    send("a");

    awaitIdle();
    assertThat(came).containsExactly("a body of a");
    assertThat(courier.accepted()).isEqualTo(Map.of("a", 1));
    assertThat(courier.refused()).isZero();
  }

  @Test
  void whatIsRefusedForGoodIsCountedAndNotBroughtAgain() throws Exception {
    status.set(401);

    send("a");

    awaitIdle();
    assertThat(came).containsExactly("a body of a");
    assertThat(courier.accepted()).isEmpty();
    assertThat(courier.refused()).isEqualTo(1);
  }

  @Test
  void theNextOnesAreBroughtTwiceAndThenOnce() throws Exception {
    courier.twice(2);

    send("a");
    send("b");
    send("c");

    awaitIdle();
    assertThat(courier.accepted()).isEqualTo(Map.of("a", 2, "b", 2, "c", 1));
  }

  @Test
  void theNextOnesAreGatheredAndBroughtTheLastOneFirst() throws Exception {
    courier.reorder(3);

    send("a");
    send("b");
    send("c");

    awaitIdle();
    assertThat(came).containsExactly("c body of c", "b body of b", "a body of a");
  }

  @Test
  void whatIsGatheredIsBroughtThoughNoMoreCome() throws Exception {
    courier.reorder(3);

    send("a");
    send("b");

    awaitIdle();
    assertThat(came).containsExactly("b body of b", "a body of a");
  }

  private void awaitIdle() {
    await().until(() -> courier.underWay() == 0);
  }

  private void send(String id) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(courier.url()))
            .header("X-GitHub-Delivery", id)
            .POST(BodyPublishers.ofString("body of " + id))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
    }
  }
}
