package dev.slipway.notifier.hub;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.live.Gap;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.notification.Notification;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A log of notifications of its own, written as a relay writes it: in transactions.
final class TestLog implements AutoCloseable {
  private final String bootstrap;
  private final String prefix;
  private final KafkaClients clients;
  private final AvroSerializer<Notification> serializer = new AvroSerializer<>();
  private final KafkaProducer<String, byte[]> producer;

  TestLog() {
    this(SharedKafka.bootstrapServers());
  }

  TestLog(String bootstrap) {
    this.bootstrap = bootstrap;
    this.prefix = "t" + UUID.randomUUID() + ".";
    this.clients =
        new KafkaClients(
            new KafkaProperties(bootstrap, prefix, Map.of()),
            new SchemaRegistryProperties(SharedRegistry.url(), true, Map.of()));
    serializer.configure(clients.serde(), false);
    createTopic();
    Map<String, Object> settings = clients.producer("test");
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + "relay");
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  String bootstrap() {
    return bootstrap;
  }

  String prefix() {
    return prefix;
  }

  String topic() {
    return clients.topicNames().of(Topics.NOTIFICATIONS);
  }

  void createTopic() {
    try (Admin admin = Admin.create(clients.admin("test"))) {
      var _ = new TopicAdmin(admin, clients.topicNames()).apply(List.of(Topics.NOTIFICATIONS));
    }
  }

  void deleteTopic() {
    try (Admin admin = Admin.create(clients.admin("test"))) {
      var _ = admin.deleteTopics(List.of(topic())).all().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Makes everything before the end of a partition expire.
  void deleteRecords(int partition, long before) {
    try (Admin admin = Admin.create(clients.admin("test"))) {
      var _ =
          admin
              .deleteRecords(
                  Map.of(
                      new TopicPartition(topic(), partition), RecordsToDelete.beforeOffset(before)))
              .all()
              .get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What one notification says.
  record Note(String tenant, List<String> topics, String data) {
    /// One on a topic of tenant `acme`.
    static Note acme(String data, String... topics) {
      return new Note("acme", List.of(topics), data);
    }
  }

  /// Publishes notifications in one transaction, and waits for it.
  ///
  /// @return the place of the last
  RecordMetadata publish(List<Note> notes) {
    producer.beginTransaction();
    List<java.util.concurrent.Future<RecordMetadata>> sent = new ArrayList<>();
    for (Note note : notes) {
      sent.add(producer.send(entry(note)));
    }
    producer.commitTransaction();
    try {
      return sent.getLast().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  RecordMetadata publish(Note... notes) {
    return publish(List.of(notes));
  }

  /// Publishes a gap in the partition that holds a tenant.
  ///
  /// @return its place
  RecordMetadata publishGap(String tenant) {
    Notification value =
        Notification.newBuilder()
            .setContext(Context.newBuilder().setTenant("").build())
            .setTopics(List.of())
            .setType(Gap.type())
            .setJson(ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)))
            .setPrivate$(true)
            .build();
    byte[] bytes = Objects.requireNonNull(serializer.serialize(topic(), value));
    producer.beginTransaction();
    var sent = producer.send(new ProducerRecord<>(topic(), tenant, bytes));
    producer.commitTransaction();
    try {
      return sent.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Publishes notifications that nobody may ever see.
  void publishAndAbort(Note... notes) {
    producer.beginTransaction();
    for (Note note : notes) {
      var _ = producer.send(entry(note));
    }
    producer.flush();
    producer.abortTransaction();
  }

  private ProducerRecord<String, byte[]> entry(Note note) {
    UUID id = Ids.fresh();
    String json =
        "{\"id\":\"%s\",\"type\":\"test\",\"time\":\"2026-11-20T07:00:00.000Z\",\"sequence\":1,\"context\":{},\"data\":%s}"
            .formatted(id, note.data());
    Notification value =
        Notification.newBuilder()
            .setContext(Context.newBuilder().setTenant(note.tenant()).build())
            .setTopics(note.topics())
            .setType("test")
            .setJson(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)))
            .setPrivate$(false)
            .build();
    byte[] bytes = Objects.requireNonNull(serializer.serialize(topic(), value));
    ProducerRecord<String, byte[]> entry = new ProducerRecord<>(topic(), note.tenant(), bytes);
    new CloudEvent(id, "test", "test", Instant.EPOCH, null, 1L, null).addTo(entry.headers());
    return entry;
  }

  @Override
  public void close() {
    producer.close(java.time.Duration.ofSeconds(2));
    serializer.close();
  }
}
