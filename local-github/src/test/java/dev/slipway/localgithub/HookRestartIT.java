package dev.slipway.localgithub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.localgithub.TestGitHub.Answer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRestartIT {
  @TempDir Path folder;

  @Test
  void aDeliveryThatWasUnderWayWhenItEndedComesAgainAfterTheNextStart() throws Exception {
    List<String> guids = new CopyOnWriteArrayList<>();
    var answers = new CountDownLatch(1);
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          assertThat(body).contains("zen");
          guids.add(exchange.getRequestHeaders().getFirst("X-GitHub-Delivery"));
          try {
            boolean _ = answers.await(1, TimeUnit.MINUTES);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    receiver.start();
    long hook;
    try (TestGitHub github = TestGitHub.start(folder)) {
      github.repository("kept");
      Answer made =
          github
              .post(
                  "/repos/slipway/kept/hooks",
                  "{\"config\":{\"url\":\"http://127.0.0.1:%d/\",\"content_type\":\"json\"}}"
                      .formatted(receiver.getAddress().getPort()))
              .is(201);
      hook = made.json().path("id").asLong();
      await().until(() -> guids.size() == 1);
    }
    answers.countDown();

    try (TestGitHub github = TestGitHub.start(folder)) {
      String deliveries = "/repos/slipway/kept/hooks/" + hook + "/deliveries";
      await().until(() -> github.get(deliveries).json().at("/0/status_code").asInt() == 202);

      assertThat(github.get(deliveries).json()).hasSize(1);
      assertThat(guids).hasSize(2).allMatch(guids.getFirst()::equals);
    } finally {
      receiver.stop(0);
    }
  }
}
