package dev.slipway.pipeline.stage;

import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.security.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Readable;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/// Topics, a database and any number of runners for one test of [LedgerStage].
public final class LedgerWorld implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String SCHEMA = "ledger";
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final String databaseUrl;
  private final KafkaClients clients;
  private final Database database;
  private final Admin admin;
  private final LedgerLog log;
  private final Deque<Runnable> toClose = new ArrayDeque<>();

  private LedgerWorld(String databaseUrl, String bootstrapServers) {
    this.databaseUrl = databaseUrl;
    this.clients =
        new KafkaClients(
            new KafkaProperties(
                bootstrapServers, "ledger" + COUNTER.incrementAndGet() + ".", Map.of()),
            new SchemaRegistryProperties("http://127.0.0.1:1", true, Map.of()));
    this.database = Database.of(properties(databaseUrl), SCHEMA);
    this.admin = Admin.create(clients.admin("test"));
    makeTopics();
    this.log = new LedgerLog(clients);
  }

  public static LedgerWorld create() {
    return new LedgerWorld(
        SharedPostgres.newDatabase(SCHEMA, LedgerWorld::migrate), SharedKafka.bootstrapServers());
  }

  /// On servers of its own.
  static LedgerWorld on(String databaseUrl, String bootstrapServers) {
    migrate(databaseUrl);
    return new LedgerWorld(databaseUrl, bootstrapServers);
  }

  private static void migrate(String url) {
    Migrations.migrate(properties(url), SCHEMA);
  }

  static DatabaseProperties properties(String url) {
    Duration second = Duration.ofSeconds(1);
    return new DatabaseProperties(
        new Secret(url),
        4,
        4,
        second.multipliedBy(5),
        second.multipliedBy(3),
        second.multipliedBy(5),
        second.multipliedBy(3),
        second.multipliedBy(60));
  }

  void makeTopics() {
    var _ =
        new TopicAdmin(admin, clients.topicNames())
            .apply(List.of(LedgerStage.SOURCE, LedgerStage.DEAD_LETTERS));
  }

  String databaseUrl() {
    return databaseUrl;
  }

  public KafkaClients clients() {
    return clients;
  }

  public Database database() {
    return database;
  }

  public Admin admin() {
    return admin;
  }

  public LedgerLog log() {
    return log;
  }

  public String topic() {
    return clients.topicNames().of(LedgerStage.SOURCE);
  }

  public TopicPartition partition(int partition) {
    return new TopicPartition(topic(), partition);
  }

  /// A runner that reacts within milliseconds, started.
  public StageRunner<Ledger, Ledger.Input, Ledger.Added> run(LedgerStage stage) {
    return run(stage, database, 500);
  }

  public StageRunner<Ledger, Ledger.Input, Ledger.Added> run(
      LedgerStage stage, Database with, int maxBatch) {
    var runner =
        new StageRunner<>(
            stage.stage(),
            new ServiceSchema(SCHEMA, with, new Wakeup()),
            clients,
            stageProperties(maxBatch),
            new SimpleMeterRegistry(),
            Traces.none(),
            Clock.systemUTC());
    runner.start();
    toClose.push(runner::stop);
    return runner;
  }

  /// Of one that reacts within milliseconds.
  public static StageProperties stageProperties(int maxBatch) {
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
        20,
        milli.multipliedBy(200));
  }

  /// Waits until the runner reads what comes in.
  public void awaitRunning(StageRunner<?, ?, ?> runner) {
    await().atMost(PATIENCE).until(() -> runner.health() == StageHealth.RUNNING);
  }

  /// Another way to the same schema, closed with this world.
  Database database(String url) {
    return database(url, DiskSpace.unwatched());
  }

  /// As the other, with files on a disk that may be full.
  Database database(String url, DiskSpace disk) {
    var other = Database.of(properties(url), SCHEMA, disk);
    toClose.push(other::close);
    return other;
  }

  /// How far the stage is in a partition.
  public record Progress(long next, Counts counts) {}

  public Progress progress(int partition) {
    return query(
            "select * from stage_position where topic = '%s' and partition = %d"
                .formatted(topic(), partition),
            row ->
                new Progress(
                    Columns.required(row, "next_offset", Long.class), Positions.counts(row)))
        .stream()
        .findFirst()
        .orElse(new Progress(-1, Counts.NONE));
  }

  /// Waits until the stage has come to this offset.
  public void awaitNext(int partition, long next) {
    await().atMost(PATIENCE).until(() -> progress(partition).next(), Long.valueOf(next)::equals);
  }

  /// What a key was told, as `text=verdict` in order; empty when nothing.
  public String ledger(String key) {
    return String.join(
        "",
        query(
            "select entries from ledger where name = '" + key + "'",
            row -> Columns.required(row, "entries", String.class)));
  }

  /// Inbox rows as `status`, by id.
  public List<String> inbox() {
    return query(
        "select ce_id || ' ' || status as row from inbox order by ce_id",
        row -> Columns.required(row, "row", String.class));
  }

  public <T> List<T> query(String sql, Function<Readable, T> row) {
    return database.inStage(transaction -> transaction.query(sql, row));
  }

  public void execute(String sql) {
    var _ = database.inStage(transaction -> transaction.update(sql));
  }

  /// As the login that owns the schema.
  public void executeAsOwner(String sql) {
    URI uri = URI.create(databaseUrl);
    String[] user = uri.getUserInfo().split(":", 2);
    String url =
        "jdbc:postgresql://%s:%d%s?currentSchema=%s"
            .formatted(uri.getHost(), uri.getPort(), uri.getPath(), SCHEMA);
    try (var connection = DriverManager.getConnection(url, user[0], user[1]);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    while (!toClose.isEmpty()) {
      toClose.pop().run();
    }
    log.close();
    admin.close();
    database.close();
  }
}
