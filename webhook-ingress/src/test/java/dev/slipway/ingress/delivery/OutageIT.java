package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.KafkaServer;
import dev.slipway.embedded.SharedRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Test
  void kafkaGoesAndComesBackAndNothingIsRestarted(@TempDir Path folder) {
    List<Integer> ports = FreePorts.find(2);
    KafkaServer kafka = KafkaServer.start(folder, ports.getFirst(), ports.getLast());
    try (TestIngress ingress =
        TestIngress.at(
            kafka.bootstrapServers(), SharedRegistry.url(), "t" + UUID.randomUUID() + ".")) {
      // no topics yet: nothing can be kept
      assertThat(Post.json("{}").to(ingress.url).problem()).isEqualTo("503 unavailable");
      ingress.createTopics();
      ingress.awaitReady();
      assertThat(Post.json("{}").to(ingress.url).status()).isEqualTo(202);

      kafka.close();

      Instant start = Instant.now();
      Post.Answer waiting = Post.json("{}").to(ingress.url);
      assertThat(waiting.problem()).isEqualTo("503 unavailable");
      assertThat(waiting.response().headers().firstValue("Retry-After")).isPresent();
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !ingress.context.getBean(DeliveryLog.class).reachable());
      start = Instant.now();
      Post.Answer refused = Post.json("{}").to(ingress.url);
      assertThat(refused.problem()).isEqualTo("503 unavailable");
      assertThat(refused.json().path("detail").asString("")).contains("cannot be reached");
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
      // what is wrong with the request itself is said all the same
      assertThat(Post.json("{}").with("Content-Type", null).to(ingress.url).problem())
          .isEqualTo("415 unsupported_media_type");

      kafka = KafkaServer.start(folder, ports.getFirst(), ports.getLast());

      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> Post.json("{}").to(ingress.url).status() == 202);
    } finally {
      kafka.close();
    }
  }

  @Test
  void withoutARegistryNothingIsTakenUntilItAnswersOnce(@TempDir Path folder) {
    int port = FreePorts.find();
    try (TestIngress ingress =
        TestIngress.at(
            dev.slipway.embedded.SharedKafka.bootstrapServers(),
            "http://127.0.0.1:" + port + "," + SharedRegistry.url(),
            "t" + UUID.randomUUID() + ".")) {
      ingress.createTopics();
      // the first address is dead, the second answers
      ingress.awaitReady();

      assertThat(Post.json("{}").to(ingress.url).status()).isEqualTo(202);
    }
  }
}
