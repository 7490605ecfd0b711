package dev.slipway.pipeline.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class NotificationsLogIT {
  private final KafkaClients clients =
      new KafkaClients(
          new KafkaProperties(
              SharedKafka.bootstrapServers(), "t" + UUID.randomUUID() + ".", Map.of()),
          new SchemaRegistryProperties("http://127.0.0.1:1", true, Map.of()));

  @Test
  void theCursorOfATenantIsTheEndOfWhatIsCommitted() throws Exception {
    LiveConfiguration configuration = new LiveConfiguration();
    NotificationsLog log = configuration.notificationsLog(clients);
    CursorSource cursors = configuration.cursorSource(log);
    Map<String, Object> settings = clients.producer("test");
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
    try (Admin admin = Admin.create(clients.admin("test"));
        var producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      assertThat(cursors.current("acme")).isEmpty();
      assertThat(log.reachable()).isFalse();
      log.start();
      var _ = new TopicAdmin(admin, clients.topicNames()).apply(List.of(Topics.NOTIFICATIONS));
      producer.initTransactions();
      producer.beginTransaction();
      var _ =
          producer.send(new ProducerRecord<>(log.topic(), "acme", "1")).get(10, TimeUnit.SECONDS);
      awaitEnd(cursors, 0); // not committed: nobody may have seen it

      producer.commitTransaction();

      awaitEnd(cursors, 2); // the record and its marker
      assertThat(log.reachable()).isTrue();
      Cursor cursor = cursors.current("acme").flatMap(Cursor::parse).orElseThrow();
      assertThat(cursor.partition()).isEqualTo(TenantPartition.of("acme", 12));
      assertThat(cursor.isOf("acme")).isTrue();
      assertThat(cursor.position()).isEqualTo(new LogPosition(0, 2)); // of its first leader
      assertThat(log.extent().map(LogExtent::topicId)).contains(cursor.topicId());
    } finally {
      log.stop();
    }
  }

  private static void awaitEnd(CursorSource cursors, long offset) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            cursors
                .current("acme")
                .flatMap(Cursor::parse)
                .map(cursor -> cursor.position().offset())
                .equals(Optional.of(offset)));
  }
}
