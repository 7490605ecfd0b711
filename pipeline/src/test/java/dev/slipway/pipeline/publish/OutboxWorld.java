package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.Membership;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Topics, an outbox, and any number of relays for one test.
final class OutboxWorld implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");
  static final String SCHEMA = "ledger";
  static final Duration SESSION = Duration.ofMillis(1_500);
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final int KEYS = 7;

  private final Address address;
  private final Database database;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Wakeup wakeup = new Wakeup();
  private final Deque<Runnable> toClose = new ArrayDeque<>();
  private final AtomicInteger written = new AtomicInteger();

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
  }

  private OutboxWorld(Address address) {
    this.address = address;
    this.database = address.open();
    try (var admin = Admin.create(address.clients().admin("test-topics"))) {
      var _ =
          new TopicAdmin(admin, address.clients().topicNames())
              .apply(List.of(Topics.PULL_REQUEST_EVENTS, Topics.NOTIFICATIONS, Topics.PR_RELAY));
    }
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

  Address address() {
    return address;
  }

  Database database() {
    return database;
  }

  Wakeup wakeup() {
    return wakeup;
  }

  /// A relay's source.
  ///
  /// @param maxRecords most rows in a turn
  static OutboxRelay relay(
      Address address, Database database, Wakeup wakeup, int maxRecords, Duration kept) {
    return new OutboxRelay(
        SCHEMA,
        Topics.PR_RELAY,
        database,
        wakeup,
        address.clients().topicNames(),
        new OutboxRelay.Settings(
            limits(maxRecords),
            new OutboxProperties(Duration.ofMillis(100), kept, Duration.ofMillis(500), 3)));
  }

  static PublisherProperties limits(int maxRecords) {
    Duration milli = Duration.ofMillis(1);
    return new PublisherProperties(
        maxRecords,
        4_194_304,
        milli.multipliedBy(10_000),
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
    var source = relay(address, database, wakeup, maxRecords, Duration.ofDays(1));
    return run(around.apply(source));
  }

  Publisher run(PublisherSource source) {
    var publisher =
        new Publisher(
            source, address.clients(), new Membership(null, SESSION), limits(1_000), meters);
    publisher.start();
    toClose.push(publisher::stop);
    return publisher;
  }

  /// The record of a number: its key, id and sequence follow from it.
  static OutboxRecord numbered(int number, byte[] value) {
    return new OutboxRecord(
        Topics.PULL_REQUEST_EVENTS,
        "key " + number % KEYS,
        new CloudEvent(
            new UUID(0x7000L, 0x8000_0000_0000_0000L | number),
            "pull_request.updated",
            "test",
            TIME,
            null,
            (long) number,
            null),
        value);
  }

  /// A statement that puts down the next records.
  Mono<Void> next(DatabaseClient client, int count) {
    int first = written.getAndAdd(count);
    return append(
        client,
        IntStream.range(first, first + count)
            .mapToObj(number -> numbered(number, value(number)))
            .toList());
  }

  private static Mono<Void> append(DatabaseClient client, List<OutboxRecord> records) {
    return Write.together(client, List.of(Outbox.append(records)));
  }

  static byte[] value(int number) {
    return ("value " + number).getBytes(StandardCharsets.UTF_8);
  }

  /// Puts down the next records, commits, and wakes the relay of this process.
  void write(int count) {
    var _ = database.asStage(client -> next(client, count).thenReturn(true)).block(PATIENCE);
    wakeup.give();
  }

  void append(OutboxRecord... records) {
    var _ =
        database
            .asStage(client -> append(client, List.of(records)).thenReturn(true))
            .block(PATIENCE);
    wakeup.give();
  }

  void execute(String sql) {
    var _ = database.asStage(client -> client.sql(sql).fetch().rowsUpdated()).block(PATIENCE);
  }

  long count(String condition) {
    Long rows =
        database
            .asStage(client ->
                client
                    .sql("select count(*) as n from outbox where " + condition)
                    .map(row -> Columns.required(row, "n", Long.class))
                    .one())
            .block(PATIENCE);
    return rows == null ? -1 : rows;
  }

  /// Waits until every row is marked.
  void awaitMarked() {
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> count("published_at is null") == 0);
  }

  double metric(String name) {
    return meters.get(name).gauge().value();
  }

  /// Sequences in the topic, by key, in the order of their offsets.
  Map<String, List<Long>> published(String isolation) {
    var byKey = new TreeMap<String, List<Long>>();
    for (ConsumerRecord<byte[], byte[]> record : read(isolation)) {
      CloudEvent envelope = CloudEvent.from(record.headers()).orElseThrow();
      byKey
          .computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), _ -> new ArrayList<>())
          .add(envelope.sequence() == null ? -1 : envelope.sequence());
    }
    return byKey;
  }

  /// Whoever reads committed records finds each number below `count` once, in order per key.
  void assertPublishedOnce(int count) {
    var expected = new TreeMap<String, List<Long>>();
    for (int number = 0; number < count; number++) {
      expected.computeIfAbsent("key " + number % KEYS, _ -> new ArrayList<>()).add((long) number);
    }
    // the broker answers a commit before it has told every partition
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(published("read_committed")).isEqualTo(expected));
  }

  /// Every record there is.
  List<ConsumerRecord<byte[], byte[]>> read(String isolation) {
    Map<String, Object> settings = address.clients().consumer("test-reader");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    String topic = address.clients().topicNames().of(Topics.PULL_REQUEST_EVENTS);
    List<TopicPartition> partitions =
        IntStream.range(0, Topics.PULL_REQUEST_EVENTS.partitions())
            .mapToObj(partition -> new TopicPartition(topic, partition))
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

  @Override
  public void close() {
    while (!toClose.isEmpty()) {
      toClose.pop().run();
    }
    database.close();
  }
}
