package dev.slipway.notifier.router;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.Membership;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.publish.Publisher;
import dev.slipway.pipeline.publish.PublisherProperties;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.notification.Notification;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Topics, a writer of events, and any number of routers for one test.
final class RouterWorld implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final AtomicInteger COUNTER = new AtomicInteger();
  static final List<Topic> TOPICS =
      List.of(Topics.PULL_REQUEST_EVENTS, Topics.NOTIFICATIONS, Topics.NOTIFIER_PROGRESS);

  private final KafkaClients clients;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AvroSerializer<PullRequestEvent> serializer = new AvroSerializer<>();
  private final AvroDeserializer<Notification> deserializer = new AvroDeserializer<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Deque<Runnable> toClose = new ArrayDeque<>();

  private RouterWorld(KafkaClients clients, Map<Topic, Integer> partitions) {
    this.clients = clients;
    this.admin = Admin.create(clients.admin("test"));
    makeTopics(partitions);
    makeTopics();
    this.producer =
        new KafkaProducer<>(
            clients.producer("test-events"), new ByteArraySerializer(), new ByteArraySerializer());
    serializer.configure(clients.serde(), false);
    deserializer.configure(clients.serde(), false);
  }

  static RouterWorld create() {
    return create(Map.of());
  }

  /// @param partitions of topics that have others than the catalogue says
  static RouterWorld create(Map<Topic, Integer> partitions) {
    String prefix =
        "router" + COUNTER.incrementAndGet() + "-" + ProcessHandle.current().pid() + ".";
    return new RouterWorld(
        clients(SharedKafka.bootstrapServers(), SharedRegistry.url(), prefix), partitions);
  }

  static KafkaClients clients(String kafka, String registry, String prefix) {
    return new KafkaClients(
        new KafkaProperties(kafka, prefix, Map.of()),
        new SchemaRegistryProperties(registry, true, Map.of()));
  }

  private void makeTopics(Map<Topic, Integer> partitions) {
    List<NewTopic> topics =
        partitions.entrySet().stream()
            .map(made -> new NewTopic(topic(made.getKey()), made.getValue(), (short) 1))
            .toList();
    try {
      admin.createTopics(topics).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  void makeTopics() {
    var _ = new TopicAdmin(admin, clients.topicNames()).apply(TOPICS);
  }

  KafkaClients clients() {
    return clients;
  }

  Admin admin() {
    return admin;
  }

  String topic(Topic topic) {
    return clients.topicNames().of(topic);
  }

  /// Starts a router.
  Publisher run() {
    return run(DiskSpace.unwatched());
  }

  Publisher run(DiskSpace disk) {
    var publisher = publisher(clients, 1_000, meters, disk);
    publisher.start();
    toClose.push(publisher::stop);
    return publisher;
  }

  static Publisher publisher(
      KafkaClients clients, int maxRecords, SimpleMeterRegistry meters, DiskSpace disk) {
    var properties =
        new PublisherProperties(
            maxRecords,
            4_194_304,
            MILLI.multipliedBy(10_000),
            MILLI.multipliedBy(10),
            MILLI.multipliedBy(200));
    var beans = new RouterConfiguration();
    var metrics = new RouterMetrics(meters);
    var router =
        new EventRouter(
            clients,
            List.of(beans.pullRequestEventCodec(clients)),
            new EventRenderer(beans.notificationCodec(clients), metrics),
            metrics,
            new EventRouter.Limits(
                maxRecords, 4_194_304, new RouterProperties(MILLI.multipliedBy(500))),
            disk);
    return new Publisher(
        router, clients, new Membership(null, MILLI.multipliedBy(1_500)), properties, meters);
  }

  double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  double metric(String name) {
    return meters.get(name).counter().count();
  }

  /// Merges of a tenant's pull request, one for each number.
  void merge(String tenant, String key, int from, int to) {
    for (int number = from; number < to; number++) {
      var _ =
          producer.send(
              record(
                  key,
                  TestEvents.envelope(number, "pull_request.merged"),
                  value(TestEvents.merged(TestEvents.context(tenant), "Fix " + number))));
    }
    producer.flush();
  }

  byte[] value(PullRequestEvent event) {
    byte[] value = serializer.serialize(topic(Topics.PULL_REQUEST_EVENTS), event);
    return value == null ? new byte[0] : value;
  }

  private ProducerRecord<byte[], byte[]> record(
      String key, @Nullable CloudEvent envelope, byte[] value) {
    var record =
        new ProducerRecord<>(
            topic(Topics.PULL_REQUEST_EVENTS), key.getBytes(StandardCharsets.UTF_8), value);
    if (envelope != null) {
      envelope.addTo(record.headers());
    }
    return record;
  }

  void send(String key, @Nullable CloudEvent envelope, byte[] value) {
    try {
      var _ = producer.send(record(key, envelope, value)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Every notification that was committed, by partition in order.
  List<ConsumerRecord<byte[], byte[]>> notifications() {
    List<TopicPartition> partitions =
        producer.partitionsFor(topic(Topics.NOTIFICATIONS)).stream()
            .map(found -> new TopicPartition(found.topic(), found.partition()))
            .toList();
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(
            clients.consumer("test-notifications"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(MILLI.multipliedBy(100)).forEach(records::add);
      }
    }
    return records;
  }

  Notification read(ConsumerRecord<byte[], byte[]> record) {
    Notification notification = deserializer.deserialize(record.topic(), record.value());
    if (notification == null) {
      throw new IllegalStateException("no value");
    }
    return notification;
  }

  /// Sequences of a tenant's notifications in order.
  List<Long> sequences(String tenant) {
    return notifications().stream()
        .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(tenant))
        .map(record -> CloudEvent.from(record.headers()).orElseThrow().sequence())
        .map(sequence -> sequence == null ? -1 : sequence)
        .toList();
  }

  @Override
  public void close() {
    while (!toClose.isEmpty()) {
      toClose.pop().run();
    }
    producer.close();
    admin.close();
  }
}
