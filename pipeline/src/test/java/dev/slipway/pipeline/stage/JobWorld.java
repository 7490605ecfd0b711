package dev.slipway.pipeline.stage;

import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.publish.Outbox;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.Job.Happened;
import dev.slipway.pipeline.stage.Job.Told;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Topics, a database and any number of runners for one test of [JobStage].
final class JobWorld implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final String TENANT = "default";
  private static final String SCHEMA = "job";
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private final String databaseUrl;
  private final KafkaClients clients;
  private final Database database;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Deque<Runnable> toClose = new ArrayDeque<>();

  JobWorld() {
    this.databaseUrl =
        SharedPostgres.newDatabase(
            SCHEMA, url -> Migrations.migrate(LedgerWorld.properties(url), SCHEMA));
    this.clients =
        new KafkaClients(
            new KafkaProperties(
                SharedKafka.bootstrapServers(), "job" + COUNTER.incrementAndGet() + ".", Map.of()),
            new SchemaRegistryProperties("http://127.0.0.1:1", true, Map.of()));
    this.database = Database.of(LedgerWorld.properties(databaseUrl), SCHEMA);
    this.admin = Admin.create(clients.admin("test"));
    var _ =
        new TopicAdmin(admin, clients.topicNames())
            .apply(
                List.of(
                    JobStage.COMMANDS,
                    JobStage.NEWS,
                    JobStage.EVENTS,
                    JobStage.TOLD,
                    JobStage.DEAD_LETTERS));
    this.producer =
        new KafkaProducer<>(
            clients.producer("test"), new ByteArraySerializer(), new ByteArraySerializer());
  }

  String databaseUrl() {
    return databaseUrl;
  }

  Database database() {
    return database;
  }

  KafkaClients clients() {
    return clients;
  }

  StageProperties properties() {
    return properties(500);
  }

  private static StageProperties properties(int maxBatch) {
    Duration milli = Duration.ofMillis(1);
    return new StageProperties(
        maxBatch,
        milli.multipliedBy(2),
        milli.multipliedBy(10),
        2,
        1_048_576,
        null,
        milli.multipliedBy(1_500),
        milli.multipliedBy(10),
        milli.multipliedBy(200),
        2_000,
        milli.multipliedBy(10_000),
        100,
        milli.multipliedBy(200));
  }

  /// How many records a topic has had.
  long length(Topic topic) {
    try (var logs = new LogReader(clients.admin("length"))) {
      return logs
          .offsets(logs.partitions(clients.topicNames().of(topic)), OffsetSpec.latest())
          .values()
          .stream()
          .mapToLong(end -> end)
          .sum();
    }
  }

  /// Deletes all records that a topic has.
  void deleteRecords(Topic topic) {
    try (var logs = new LogReader(clients.admin("delete"))) {
      var ends = logs.offsets(logs.partitions(clients.topicNames().of(topic)), OffsetSpec.latest());
      var before = new HashMap<TopicPartition, RecordsToDelete>();
      ends.forEach((partition, end) -> before.put(partition, RecordsToDelete.beforeOffset(end)));
      admin.deleteRecords(before).all().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Brings rows of the outbox to their topic, without a mark.
  ///
  /// @param where which of them, as SQL
  void publish(String where) {
    List<Outbox.Row> rows =
        database.inStage(transaction ->
            Outbox.copied(
                transaction, "(select * from outbox where %s) o".formatted(where), 0, 10_000));
    for (Outbox.Row row : rows) {
      var record =
          new ProducerRecord<>(
              clients.topicNames().prefix() + row.lane().topic(),
              row.lane().key().getBytes(StandardCharsets.UTF_8),
              row.value());
      row.envelope().addTo(record.headers());
      send(record);
    }
  }

  static FaultyStates<Job, Told, Happened> states() {
    return new FaultyStates<>(JobStage.table());
  }

  /// A runner that reacts within milliseconds, started.
  StageRunner<Job, Told, Happened> run() {
    return run(states(), database);
  }

  StageRunner<Job, Told, Happened> run(StateStore<Job, Told, Happened> states, Database with) {
    return run(JobStage.over(states), with);
  }

  /// @param maxBatch of which half lets a second turn begin while one is on its way
  StageRunner<Job, Told, Happened> run(int maxBatch) {
    return run(JobStage.over(states()), database, properties(maxBatch));
  }

  StageRunner<Job, Told, Happened> run(Stage<Job, Told, Happened> stage, Database with) {
    return run(stage, with, properties());
  }

  private StageRunner<Job, Told, Happened> run(
      Stage<Job, Told, Happened> stage, Database with, StageProperties properties) {
    var runner =
        new StageRunner<>(
            stage,
            new ServiceSchema(SCHEMA, with, new Wakeup()),
            clients,
            properties,
            new SimpleMeterRegistry(),
            Traces.none(),
            Clock.systemUTC());
    runner.start();
    toClose.push(runner::stop);
    await().atMost(PATIENCE).until(() -> runner.health() == StageHealth.RUNNING);
    return runner;
  }

  /// Another way to the same schema, closed with this world.
  Database database(String url) {
    var other = Database.of(LedgerWorld.properties(url), SCHEMA);
    toClose.push(other::close);
    return other;
  }

  /// Writes a record and waits until the broker has it.
  UUID send(Topic topic, String key, String text) {
    UUID id = Ids.fresh();
    send(topic, TENANT, id, key, text);
    return id;
  }

  void send(Topic topic, String tenant, UUID id, String key, String text) {
    var record =
        new ProducerRecord<>(
            clients.topicNames().of(topic),
            key.getBytes(StandardCharsets.UTF_8),
            text.getBytes(StandardCharsets.UTF_8));
    new CloudEvent(id, "test", tenant, TIME, null, null, null).addTo(record.headers());
    send(record);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static AggregateId job(UUID id) {
    return new AggregateId(TENANT, id.toString());
  }

  /// A request whose answer tells what was decided.
  static Request<Job, Told, Happened> request(
      Request.@Nullable Key key, AggregateId id, Told told) {
    return Request.of(key, id, told, JobWorld::answer);
  }

  /// A request that begins a job under the request's own id.
  static Request<Job, Told, Happened> beginning(Request.@Nullable Key key, Told told) {
    return new Request<>(key, JobWorld::job, _ -> told, JobWorld::answer);
  }

  private static Answer answer(Request.Decided<Job, Happened> decided) {
    if (decided.rejected()) {
      return new Answer(409, null, decided.conflict() ? "conflict" : "rejected");
    }
    return new Answer(202, decided.id().key(), "version " + decided.version());
  }

  static Request.Key key(String text) {
    return new Request.Key(Ids.request(TENANT, "alice", "POST", text), TENANT, new byte[32]);
  }

  static Answer get(CompletableFuture<Answer> answer) {
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /// What a job was told, in order.
  List<String> log(UUID id) {
    return one("select (state->'log')::text as value from job where job_id = '%s'", id)
        .map(text ->
            text.equals("[]")
                ? List.<String>of()
                : List.of(text.replaceAll("[\\[\\]\"]", "").split(", ?")))
        .orElse(List.of());
  }

  String status(UUID id) {
    return one("select status as value from job where job_id = '%s'", id).orElse("NONE");
  }

  private Optional<String> one(String sql, Object value) {
    return query(sql.formatted(value), row -> Columns.required(row, "value", String.class)).stream()
        .findFirst();
  }

  void awaitLog(UUID id, String... entries) {
    await().atMost(PATIENCE).until(() -> log(id), List.of(entries)::equals);
  }

  /// A count or a sum.
  long number(String sql) {
    return query(sql, row -> Columns.required(row, "n", Long.class)).getFirst();
  }

  /// Values of a column `v`.
  List<String> texts(String sql) {
    return query(sql, row -> Columns.required(row, "v", String.class));
  }

  <T> List<T> query(String sql, Function<Readable, T> row) {
    return database.inStage(transaction -> transaction.query(sql, row));
  }

  void execute(String sql) {
    int _ = database.inStage(transaction -> transaction.update(sql));
  }

  @Override
  public void close() {
    while (!toClose.isEmpty()) {
      toClose.pop().run();
    }
    producer.close();
    admin.close();
    database.close();
  }
}
