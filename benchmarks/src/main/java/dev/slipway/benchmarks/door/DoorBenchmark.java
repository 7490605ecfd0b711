package dev.slipway.benchmarks.door;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.Tool;
import dev.slipway.benchmarks.database.BenchDatabase;
import dev.slipway.benchmarks.door.Parcel.HandIn;
import dev.slipway.benchmarks.door.Parcel.HandedIn;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// What the request door of a stage answers a second, and `pgbench` writing the same rows with the
/// statements that are the stage's own, a transaction a request.
public final class DoorBenchmark implements Benchmark {
  private static final String SCHEMA = "door";
  private static final int CLIENTS = 64;

  /// There is no Kafka: the door of records waits for it, the others do not.
  private static final KafkaClients NO_KAFKA =
      new KafkaClients(
          new KafkaProperties("127.0.0.1:1", "", Map.of()),
          new SchemaRegistryProperties("http://127.0.0.1:1", false, Map.of()));

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path _ = Tool.PGBENCH.find();
    try (Scratch scratch = Scratch.create()) {
      progress.accept("starting PostgreSQL");
      try (BenchDatabase database = BenchDatabase.start(scratch.folder("postgres"), SCHEMA)) {
        StageRunner<Parcel, HandIn, HandedIn> stage = runner(database);
        stage.start();
        try {
          List<Row> rows =
              new Contest(
                      "%d clients, a tenth repeated".formatted(CLIENTS),
                      "requests/s",
                      List.of(
                          new Requests(stage, CLIENTS),
                          database.pgbenchRequests(scratch.folder("pgbench"), CLIENTS)))
                  .run(effort, progress);
          return new Report(rows, aims(rows));
        } finally {
          stage.stop();
        }
      }
    }
  }

  private static StageRunner<Parcel, HandIn, HandedIn> runner(BenchDatabase database) {
    return new StageRunner<>(
        ParcelStage.create(),
        new ServiceSchema(SCHEMA, database.database(), new Wakeup()),
        NO_KAFKA,
        new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("slipway.stage", StageProperties.class),
        new SimpleMeterRegistry(),
        Traces.none(),
        Clock.systemUTC());
  }

  private static List<Aim> aims(List<Row> rows) {
    double door = rows.get(0).median().perSecond();
    double pgbench = rows.get(1).median().perSecond();
    return List.of(
        new Aim("request door / pgbench", door / pgbench, true, 0.7),
        new Aim("requests not answered as they must", rows.get(0).failed(), false, 0));
  }
}
