package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A relay outlives the absence of Kafka, and comes out as if nothing had been.
@Tag("slow")
class RelayOutageIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path home;

  @Test
  void kafkaIsGoneAndComesBackWhileRowsAreWritten() {
    List<Integer> ports = FreePorts.find(2);
    KafkaServer kafka = start(ports);
    try (var world = OutboxWorld.on(kafka.bootstrapServers())) {
      world.run(5, UnaryOperator.identity());
      world.write(200);
      await().atMost(LONG).until(() -> world.count("published_at is not null") > 20);

      kafka.close();
      world.write(100);
      assertThat(world.count("published_at is null")).isPositive();
      kafka = start(ports);

      await().atMost(LONG).until(() -> world.count("published_at is null") == 0);
      world.write(10);
      world.awaitMarked();
      world.assertPublishedOnce(310);
    } finally {
      kafka.close();
    }
  }

  private KafkaServer start(List<Integer> ports) {
    return KafkaServer.start(home, ports.getFirst(), ports.getLast());
  }
}
