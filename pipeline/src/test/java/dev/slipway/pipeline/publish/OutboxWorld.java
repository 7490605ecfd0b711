package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.Membership;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogPosition;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.notification.Notification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Topics, an outbox, and any number of relays for one test.
final class OutboxWorld implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");
  static final String SCHEMA = "ledger";
  static final String TENANT = "acme";
  static final Duration SESSION = Duration.ofMillis(1_500);
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final int KEYS = 7;

  private final Address address;
  private final Database database;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PublisherMetrics metrics = new PublisherMetrics(meters, Relays.nameOf(SCHEMA));
  private final Wakeup wakeup = new Wakeup();
  private final Deque<Runnable> toClose = new ArrayDeque<>();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicReference<@Nullable LogExtent> known = new AtomicReference<>();

  /// Where everything is, in words that can be handed to another process.
  record Address(String database, String kafka, String registry, String prefix) {
    static Address of(String... words) {
      return new Address(words[0], words[1], words[2], words[3]);
    }

    List<String> words() {
      return List.of(database, kafka, registry, prefix);
    }

    KafkaClients clients() {
      return new KafkaClients(
          new KafkaProperties(kafka, prefix, Map.of()),
          new SchemaRegistryProperties(registry, true, Map.of()));
    }

    Database open() {
      return Database.of(properties(database), SCHEMA);
    }

    Database open(DiskSpace disk) {
      return Database.of(properties(database), SCHEMA, disk);
    }
  }

  private OutboxWorld(Address address) {
    this.address = address;
    this.database = address.open();
    createTopics();
  }

  static OutboxWorld create() {
    return on(SharedKafka.bootstrapServers());
  }

  static OutboxWorld on(String bootstrapServers) {
    return new OutboxWorld(
        new Address(
            SharedPostgres.newDatabase(SCHEMA, url -> Migrations.migrate(properties(url), SCHEMA)),
            bootstrapServers,
            SharedRegistry.url(),
            "outbox" + COUNTER.incrementAndGet() + "-" + ProcessHandle.current().pid() + "."));
  }

  private static DatabaseProperties properties(String url) {
    Duration second = Duration.ofSeconds(1);
    return new DatabaseProperties(
        new Secret(url),
        4,
        4,
        second.multipliedBy(5),
        second.multipliedBy(3),
        second.multipliedBy(5),
        second.multipliedBy(20),
        second.multipliedBy(60));
  }

  /// Makes the topics that are not there.
  void createTopics() {
    try (var admin = Admin.create(address.clients().admin("test-topics"))) {
      var _ =
          new TopicAdmin(admin, address.clients().topicNames())
              .apply(List.of(Topics.PULL_REQUEST_EVENTS, Topics.NOTIFICATIONS, Topics.PR_RELAY));
    }
    known.set(null);
  }

  /// Deletes `notifications`; Kafka tells nothing new of it until the topics are made again.
  void deleteNotifications() {
    known.set(extent());
    String topic = topic(Topics.NOTIFICATIONS);
    try (var admin = Admin.create(address.clients().admin("test-topics"))) {
      var _ = admin.deleteTopics(List.of(topic)).all().get();
      await().atMost(PATIENCE).until(() -> !admin.listTopics().names().get().contains(topic));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LogExtent extent() {
    return new LogExtent(
        new UUID(0, 0),
        Collections.nCopies(
            Topics.NOTIFICATIONS.partitions(), new LogExtent.Range(0, LogPosition.at(0))),
        System.nanoTime());
  }

  /// Where the notifications of a tenant are.
  static int partitionOf(String tenant) {
    return extent().partitionOf(tenant);
  }

  private Optional<LogExtent> whatKafkaTells() {
    LogExtent old = known.get();
    return Optional.of(old == null ? extent() : old);
  }

  Address address() {
    return address;
  }

  Database database() {
    return database;
  }

  Wakeup wakeup() {
    return wakeup;
  }

  String topic(Topic topic) {
    return address.clients().topicNames().of(topic);
  }

  /// A relay's source.
  static OutboxRelay relay(
      Address address,
      Database database,
      Wakeup wakeup,
      OutboxRelay.Settings settings,
      SimpleMeterRegistry meters) {
    return relays(address, () -> Optional.of(extent()), settings, meters)
        .source(
            source(address, database, wakeup),
            TestRenderer::render,
            BootNote.of(null, SCHEMA),
            new PublisherMetrics(meters, "test"));
  }

  private static Relays relays(
      Address address,
      Supplier<Optional<LogExtent>> topic,
      OutboxRelay.Settings settings,
      SimpleMeterRegistry meters) {
    return new Relays(address.clients(), topic, settings, meters);
  }

  private static OutboxRelay.Source source(Address address, Database database, Wakeup wakeup) {
    return new OutboxRelay.Source(
        Relays.nameOf(SCHEMA), Topics.PR_RELAY, database, wakeup, address.clients().topicNames());
  }

  /// A source of this world.
  ///
  /// @param maxRecords most rows in a turn
  OutboxRelay relay(int maxRecords) {
    return relay(database, maxRecords, BootNote.of(null, SCHEMA));
  }

  OutboxRelay relay(Database from, int maxRecords, BootNote boot) {
    return relays(address, this::whatKafkaTells, settings(maxRecords, null), meters)
        .source(source(address, from, wakeup), TestRenderer::render, boot, metrics);
  }

  static OutboxRelay.Settings settings(int maxRecords, @Nullable Path bootDirectory) {
    return new OutboxRelay.Settings(
        limits(maxRecords),
        new OutboxProperties(
            Duration.ofMillis(100), Duration.ofDays(1), Duration.ofMillis(500), 3, bootDirectory));
  }

  static PublisherProperties limits(int maxRecords) {
    Duration milli = Duration.ofMillis(1);
    return new PublisherProperties(
        maxRecords,
        1_048_576,
        milli.multipliedBy(3_000),
        milli,
        milli.multipliedBy(10),
        milli.multipliedBy(200));
  }

  /// Starts a relay.
  Publisher run() {
    return run(1_000, UnaryOperator.identity());
  }

  /// Starts a relay.
  ///
  /// @param around what stands between publisher and outbox
  Publisher run(int maxRecords, UnaryOperator<PublisherSource> around) {
    return run(around.apply(relay(maxRecords)));
  }

  Publisher run(PublisherSource source) {
    var publisher =
        new Publisher(
            source, address.clients(), new Membership(null, SESSION), limits(1_000), metrics);
    publisher.start();
    toClose.push(publisher::stop);
    return publisher;
  }

  /// The record of a number: its key, id and sequence follow from it.
  static OutboxRecord numbered(int number, byte[] value) {
    return numbered(TENANT, number, value);
  }

  static OutboxRecord numbered(String tenant, int number, byte[] value) {
    return new OutboxRecord(
        Topics.PULL_REQUEST_EVENTS,
        tenant,
        "key " + number % KEYS,
        new CloudEvent(id(number), "pull_request.updated", "test", TIME, null, (long) number, null),
        value);
  }

  static UUID id(int number) {
    return new UUID(0x7000L, 0x8000_0000_0000_0000L | number);
  }

  /// Puts down the next records.
  void next(Transaction transaction, int count) {
    int first = written.getAndAdd(count);
    append(
        transaction,
        IntStream.range(first, first + count)
            .mapToObj(number -> numbered(number, value(number)))
            .toList());
  }

  private static void append(Transaction transaction, List<OutboxRecord> records) {
    transaction.fly(flight -> Outbox.append(flight, records));
  }

  static byte[] value(int number) {
    return ("value " + number).getBytes(StandardCharsets.UTF_8);
  }

  /// Puts down the next records and commits, but wakes nobody.
  void writeQuietly(int count) {
    int _ =
        database.inStage(transaction -> {
          next(transaction, count);
          return count;
        });
  }

  /// Puts down the next records, commits, and wakes the relay of this process.
  void write(int count) {
    writeQuietly(count);
    wakeup.give();
  }

  void append(OutboxRecord... records) {
    int _ =
        database.inStage(transaction -> {
          append(transaction, List.of(records));
          return records.length;
        });
    wakeup.give();
  }

  void execute(String sql) {
    int _ = database.inStage(transaction -> transaction.update(sql));
  }

  long count(String condition) {
    return database.inStage(transaction ->
        transaction
            .query(
                "select count(*) as n from outbox where " + condition,
                row -> Columns.required(row, "n", Long.class))
            .getFirst());
  }

  /// Waits until every row is marked.
  void awaitMarked() {
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> count("published_at is null") == 0);
  }

  double metric(String name) {
    return meters.get(name).tag("publisher", Relays.nameOf(SCHEMA)).gauge().value();
  }

  double counted(String name) {
    return meters.get(name).tag("publisher", Relays.nameOf(SCHEMA)).counter().count();
  }

  /// Sequences in the topic, by key, in the order of their offsets.
  Map<String, List<Long>> published(String isolation) {
    var byKey = new TreeMap<String, List<Long>>();
    for (ConsumerRecord<byte[], byte[]> record : read(isolation)) {
      byKey
          .computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), _ -> new ArrayList<>())
          .add(sequence(record));
    }
    return byKey;
  }

  static long sequence(ConsumerRecord<byte[], byte[]> record) {
    Long sequence = CloudEvent.from(record.headers()).orElseThrow().sequence();
    return sequence == null ? -1 : sequence;
  }

  /// Whoever reads committed records finds each number below `count` once, in order per key, and
  /// its notification once, in order.
  void assertPublishedOnce(int count) {
    var expected = new TreeMap<String, List<Long>>();
    for (int number = 0; number < count; number++) {
      expected.computeIfAbsent("key " + number % KEYS, _ -> new ArrayList<>()).add((long) number);
    }
    // the broker answers a commit before it has told every partition
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(published("read_committed")).isEqualTo(expected);
          assertThat(notified()).isEqualTo(LongStream.range(0, count).boxed().toList());
        });
  }

  /// Sequences of the notifications, in the order of their offsets.
  List<Long> notified() {
    return notifications("read_committed").stream().map(OutboxWorld::sequence).toList();
  }

  /// Every record there is.
  List<ConsumerRecord<byte[], byte[]>> read(String isolation) {
    return read(Topics.PULL_REQUEST_EVENTS, isolation);
  }

  /// Every notification there is.
  List<ConsumerRecord<byte[], byte[]>> notifications(String isolation) {
    return read(Topics.NOTIFICATIONS, isolation);
  }

  Notification decoded(ConsumerRecord<byte[], byte[]> record) {
    try (var deserializer = new AvroDeserializer<Notification>()) {
      deserializer.configure(address.clients().serde(), false);
      Notification notification = deserializer.deserialize(record.topic(), record.value());
      if (notification == null) {
        throw new IllegalStateException("no value");
      }
      return notification;
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(Topic topic, String isolation) {
    Map<String, Object> settings = address.clients().consumer("test-reader");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    List<TopicPartition> partitions =
        IntStream.range(0, topic.partitions())
            .mapToObj(partition -> new TopicPartition(topic(topic), partition))
            .toList();
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /// Transactions that were begun.
  long begun() {
    return meters
        .get("slipway.publisher.silence")
        .tag("publisher", Relays.nameOf(SCHEMA))
        .timer()
        .count();
  }

  /// Stops every relay, in order.
  void stopAll() {
    while (!toClose.isEmpty()) {
      toClose.pop().run();
    }
  }

  @Override
  public void close() {
    stopAll();
    database.close();
  }
}
