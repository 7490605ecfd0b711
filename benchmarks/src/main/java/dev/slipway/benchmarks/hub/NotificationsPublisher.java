package dev.slipway.benchmarks.hub;

import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.notification.Notification;
import dev.slipway.web.security.Caller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes events to `notifications` as a relay does: what there is at a time, in one transaction.
final class NotificationsPublisher implements AutoCloseable {
  private static final String TYPE = "bench.event";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String topic;
  private final AvroSerializer<Notification> serializer = new AvroSerializer<>();
  private final KafkaProducer<byte[], byte[]> producer;

  private NotificationsPublisher(KafkaClients clients) {
    this.topic = clients.topicNames().of(Topics.NOTIFICATIONS);
    serializer.configure(clients.serde(), false);
    Map<String, Object> settings = clients.producer("bench");
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench");
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  static NotificationsPublisher begin(Map<String, String> kafka, String registry) {
    return new NotificationsPublisher(
        new KafkaClients(
            new KafkaProperties("", "", kafka),
            new SchemaRegistryProperties(registry, true, Map.of())));
  }

  void publish(long first, int count) {
    producer.beginTransaction();
    for (long number = first; number < first + count; number++) {
      var _ = producer.send(record(number)); // the commit fails when this has
    }
    producer.commitTransaction();
  }

  private ProducerRecord<byte[], byte[]> record(long number) {
    String tenant = Caller.DEFAULT_TENANT;
    var notification =
        new Notification(
            new Context(tenant, null, null, null, null, null, null, null),
            List.of("/t/" + tenant + "/repositories/acme/site"),
            TYPE,
            ByteBuffer.wrap(Payload.of(number)),
            true);
    byte[] value = Objects.requireNonNull(serializer.serialize(topic, notification));
    // its partitioner takes a key where a relay puts a tenant
    var record = new ProducerRecord<>(topic, tenant.getBytes(StandardCharsets.UTF_8), value);
    UUID id = Ids.fresh();
    new CloudEvent(id, TYPE, "bench", Instant.EPOCH, null, 1L, null).addTo(record.headers());
    return record;
  }

  @Override
  public void close() {
    producer.close(PATIENCE);
    serializer.close();
  }
}
