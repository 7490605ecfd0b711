package dev.slipway.benchmarks.operation;

import dev.slipway.benchmarks.database.BenchDatabase;
import dev.slipway.benchmarks.operation.Errand.Happened;
import dev.slipway.benchmarks.operation.Errand.Told;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.OperationWorker;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.operation.WorkerProperties;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// A stage of the kernel with its worker, in the settings of an installation.
final class KernelEngine implements Engine, AutoCloseable {
  static final String SCHEMA = "errand";

  private static final Binder DEFAULTS = new Binder(new MapConfigurationPropertySource(Map.of()));

  /// There is no Kafka: the door of records waits for it, the others do not.
  private static final KafkaClients NO_KAFKA =
      new KafkaClients(
          new KafkaProperties("127.0.0.1:1", "", Map.of()),
          new SchemaRegistryProperties("http://127.0.0.1:1", false, Map.of()));

  private final StageRunner<Errand, Told, Happened> stage;
  private final OperationWorker<Told> worker;

  /// All that wait are alike: whichever act is over is one of theirs.
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  private KernelEngine(BenchDatabase database, WorkerProperties properties) {
    this.stage =
        new StageRunner<>(
            ErrandStage.create(),
            new ServiceSchema(SCHEMA, database.database(), new Wakeup()),
            NO_KAFKA,
            DEFAULTS.bindOrCreate("slipway.stage", StageProperties.class),
            new SimpleMeterRegistry(),
            Traces.none(),
            Clock.systemUTC());
    this.worker = new OperationWorker<>(stage, "bench", this::act, properties, Clock.systemUTC());
  }

  static KernelEngine start(BenchDatabase database) {
    var engine = new KernelEngine(database, properties());
    engine.stage.start();
    engine.worker.start();
    return engine;
  }

  /// How many it makes at once.
  static int concurrency() {
    return properties().concurrency();
  }

  private static WorkerProperties properties() {
    return DEFAULTS.bindOrCreate("slipway.worker", WorkerProperties.class);
  }

  private Outcome<Told> act(LeasedOperation operation, Lease<Told> lease) {
    Runnable acted = waiting.poll();
    if (acted != null) {
      acted.run();
    }
    return new Outcome.Succeeded<>(Told.DONE, null);
  }

  @Override
  public String name() {
    return "kernel's worker";
  }

  @Override
  public String queue(Runnable acted) {
    waiting.add(acted);
    return String.valueOf(stage.request(ErrandStage.request()).join().location());
  }

  @Override
  public long open(Connection database) throws SQLException {
    return Engine.number(
        database, "select count(*) from errand.operation where state in ('QUEUED', 'RUNNING')");
  }

  @Override
  public long done(Connection database) throws SQLException {
    return Engine.number(
        database,
        "select count(*) from errand.operation join errand.errand on errand_id::text = key"
            + " where operation.state = 'SUCCEEDED' and status = 'DONE'");
  }

  @Override
  public boolean isDone(Connection database, String id) throws SQLException {
    try (var statement =
        database.prepareStatement(
            "select status = 'DONE' from errand.errand where errand_id = ?::uuid")) {
      statement.setString(1, id);
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  @Override
  public void close() {
    worker.stop();
    stage.stop();
  }
}
