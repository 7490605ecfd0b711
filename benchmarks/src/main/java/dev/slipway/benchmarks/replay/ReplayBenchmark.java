package dev.slipway.benchmarks.replay;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.Tool;
import dev.slipway.benchmarks.database.BenchDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// How fast pr-service gets through a log of deliveries, and through all of it again in a rebuild,
/// beside `pgbench` writing the same rows on one connection.
public final class ReplayBenchmark implements Benchmark {
  private static final int BATCH = 500;

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path _ = Tool.PGBENCH.find();
    try (Scratch scratch = Scratch.create()) {
      progress.accept("starting Kafka and PostgreSQL");
      try (SlipwayParts slipway = SlipwayParts.start(scratch.folder("slipway"));
          DeliveryLog log = DeliveryLog.create(slipway);
          BenchDatabase database = BenchDatabase.start(scratch.folder("postgres"))) {
        List<Row> rows =
            new Contest(
                    "%,d deliveries".formatted(Projection.DELIVERIES),
                    "deliveries/s",
                    List.of(
                        new Projection(slipway, log),
                        new Rebuild(slipway),
                        database.pgbenchStage(
                            scratch.folder("pgbench"), BATCH, Projection.DELIVERIES)))
                .run(effort, progress);
        return new Report(rows, aims(rows));
      }
    }
  }

  private static List<Aim> aims(List<Row> rows) {
    double projected = rows.get(0).median().perSecond();
    double pgbench = rows.get(2).median().perSecond();
    return List.of(
        new Aim("projection, deliveries/s", projected, true, 20_000),
        new Aim("projection / pgbench", projected / pgbench, true, 0.7),
        new Aim("rows that differ after a rebuild", rows.get(1).failed(), false, 0));
  }
}
