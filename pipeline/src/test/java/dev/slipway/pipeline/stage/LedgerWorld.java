package dev.slipway.pipeline.stage;

import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.Blocking;
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
import dev.slipway.pipeline.security.Secret;
import dev.slipway.schemas.Ids;
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
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient;

/// Topics, a database and any number of runners for one test of [LedgerStage].
final class LedgerWorld implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
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

  static LedgerWorld create() {
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

  KafkaClients clients() {
    return clients;
  }

  Database database() {
    return database;
  }

  Admin admin() {
    return admin;
  }

  LedgerLog log() {
    return log;
  }

  String topic() {
    return clients.topicNames().of(LedgerStage.SOURCE);
  }

  TopicPartition partition(int partition) {
    return new TopicPartition(topic(), partition);
  }

  /// A runner that reacts within milliseconds, started.
  StageRunner<String, Ledger, Ledger.Input, Ledger.Added> run(LedgerStage stage) {
    return run(stage, database, 500);
  }

  StageRunner<String, Ledger, Ledger.Input, Ledger.Added> run(
      LedgerStage stage, Database with, int maxBatch) {
    Duration milli = Duration.ofMillis(1);
    var runner =
        new StageRunner<>(
            stage,
            with,
            clients,
            new StageProperties(
                maxBatch,
                2,
                1_048_576,
                null,
                milli.multipliedBy(1_500),
                milli.multipliedBy(10),
                milli.multipliedBy(200),
                milli.multipliedBy(200)),
            new SimpleMeterRegistry(),
            Traces.none(),
            Clock.systemUTC());
    runner.start();
    toClose.push(runner::stop);
    return runner;
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
  record Progress(long next, Counts counts) {}

  Progress progress(int partition) {
    return query(
            "select * from stage_position where topic = '%s' and partition = %d"
                .formatted(topic(), partition),
            row ->
                new Progress(
                    Columns.required(row, "next_offset", Long.class), PartitionRows.counts(row)))
        .stream()
        .findFirst()
        .orElse(new Progress(-1, Counts.NONE));
  }

  /// Waits until the stage has come to this offset.
  void awaitNext(int partition, long next) {
    await().atMost(PATIENCE).until(() -> progress(partition).next(), Long.valueOf(next)::equals);
  }

  /// What a key was told, as `text=verdict` in order; empty when nothing.
  String ledger(String key) {
    return String.join(
        "",
        query(
            "select entries from ledger where name = '" + key + "'",
            row -> Columns.required(row, "entries", String.class)));
  }

  /// Inbox rows as `status`, by id.
  List<String> inbox() {
    return query(
        "select ce_id || ' ' || status as row from inbox order by ce_id",
        row -> Columns.required(row, "row", String.class));
  }

  <T> List<T> query(String sql, Function<Readable, T> row) {
    List<T> rows =
        database
            .asStage((DatabaseClient client) -> client.sql(sql).map(row).all().collectList())
            .block(PATIENCE);
    return rows == null ? List.of() : rows;
  }

  /// Asks for a replay, as the admin route does.
  UUID replay(StageRunner<?, ?, ?, ?> runner, ReplayRequest request) {
    UUID id = Ids.fresh();
    var created =
        runner
            .ranges(request)
            .flatMap(ranges ->
                database.asApi(
                    "default",
                    client ->
                        Replays.create(client, id, runner.name(), request.mode(), "alice", ranges)
                            .thenReturn(true)));
    var _ = created.block(PATIENCE);
    return id;
  }

  ReplayView replay(UUID id) {
    return Blocking.answer(database.asApi("default", client -> Replays.find(client, id)));
  }

  /// Waits until a replay has ended.
  ReplayView awaitReplay(UUID id) {
    return await()
        .atMost(PATIENCE)
        .until(() -> replay(id), view -> !view.state().equals("RUNNING"));
  }

  void execute(String sql) {
    var _ = database.asStage(client -> client.sql(sql).fetch().rowsUpdated()).block(PATIENCE);
  }

  /// As the login that owns the schema.
  void executeAsOwner(String sql) {
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
