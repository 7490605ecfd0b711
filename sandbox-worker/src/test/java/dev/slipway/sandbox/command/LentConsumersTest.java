package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// None of these consumers ever needs its broker.
class LentConsumersTest {
  private final LentConsumers consumers =
      new LentConsumers(
          new KafkaClients(
              new KafkaProperties("127.0.0.1:1", "", Map.of()),
              new SchemaRegistryProperties("http://127.0.0.1:1", false, Map.of())));

  @AfterEach
  void close() {
    consumers.close();
  }

  @Test
  void aConsumerThatIsGivenBackIsLentAgain() {
    LentConsumers.Lent first = consumers.lend();
    first.end(true);

    LentConsumers.Lent second = consumers.lend();

    assertThat(second.consumer()).isSameAs(first.consumer());
    second.end(false);
    assertClosed(second.consumer());
  }

  @Test
  void aConsumerThatIsGivenBackAfterTheEndIsClosed() {
    LentConsumers.Lent lent = consumers.lend();
    consumers.close();

    lent.end(true);

    assertClosed(lent.consumer());
  }

  private static void assertClosed(Consumer<?, ?> consumer) {
    assertThatThrownBy(consumer::assignment)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
