package dev.slipway.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.embedded.SharedKafka;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class KafkaClientsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final KafkaClients clients = clients(SharedKafka.bootstrapServers());

  private KafkaClients clients(String servers) {
    return new KafkaClients(
        ClientSettings.of(new KafkaProperties(servers, "", Map.of())),
        new TopicNames(""),
        new SchemaRegistryProperties("none", false, Map.of()),
        meters);
  }

  @Test
  void aClientsMetricsAreThereUntilItIsClosed() throws Exception {
    TopicPartition partition = new TopicPartition("t" + UUID.randomUUID(), 0);
    try (Admin admin = Admin.create(clients.admin("admin"))) {
      admin.createTopics(List.of(new NewTopic(partition.topic(), 1, (short) 1))).all().get();
    }
    try (Producer<byte[], byte[]> producer = clients.newProducer(clients.producer("writer"));
        Consumer<byte[], byte[]> consumer = clients.newConsumer(clients.consumer("reader"))) {
      producer.send(new ProducerRecord<>(partition.topic(), new byte[] {7})).get();
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(consumer.poll(Duration.ofMillis(100)))
                  .extracting(ConsumerRecord::value)
                  .containsExactly(new byte[] {7}));

      assertThat(meters.get("kafka.producer.record.send.total").functionCounter().count())
          .isEqualTo(1);
      assertThat(
              meters
                  .get("kafka.consumer.fetch.manager.records.consumed.total")
                  .functionCounters()
                  .stream()
                  .mapToDouble(counter -> counter.count())
                  .max())
          .hasValue(1);
      assertThat(clientIds()).containsExactly("reader", "writer");
    }

    assertThat(clientIds()).isEmpty();
  }

  @Test
  void clientsOfOneNameAreToldApartAndNamesComeBack() {
    try (var first = clients.newConsumer(clients.consumer("scan"));
        var second = clients.newConsumer(clients.consumer("scan"))) {
      assertThat(clientIds()).containsExactly("scan", "scan-2");

      first.close(CloseOptions.timeout(Duration.ZERO));
      try (var third = clients.newConsumer(clients.consumer("scan"))) {
        assertThat(clientIds()).containsExactly("scan", "scan-2");
        assertThat(third.metrics()).isNotSameAs(second.metrics());
      }
    }

    assertThat(clientIds()).isEmpty();
  }

  @Test
  void aClientThatCannotBeMadeTakesNoName() {
    KafkaClients lost = clients("no such host:1");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> lost.newProducer(lost.producer("writer")))
          .isInstanceOf(KafkaException.class);
      assertThatThrownBy(() -> lost.newConsumer(lost.consumer("writer")))
          .isInstanceOf(KafkaException.class);
    }
    Map<String, Object> settings = lost.producer("writer");
    settings.put("bootstrap.servers", SharedKafka.bootstrapServers());

    try (var _ = lost.newProducer(settings)) {
      assertThat(clientIds()).containsExactly("writer");
    }
  }

  private Set<String> clientIds() {
    Set<String> ids = new TreeSet<>();
    for (Meter meter : meters.getMeters()) {
      String id = meter.getId().getTag("client.id");
      if (id != null) {
        ids.add(id);
      }
    }
    return ids;
  }
}
