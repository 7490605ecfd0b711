package dev.slipway.benchmarks.operation;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.database.BenchDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Operations whose act does nothing: queued, leased, acted, outcome committed; and DBOS Transact
/// running as many workflows of one step on the same Postgres.
public final class OperationBenchmark implements Benchmark {
  private static final int CLIENTS = 64;

  /// Twice what is made at once, so that there is always a next one.
  private static final int AHEAD = 2;

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    try (Scratch scratch = Scratch.create()) {
      progress.accept("starting PostgreSQL");
      int concurrency = KernelEngine.concurrency();
      try (BenchDatabase database =
              BenchDatabase.start(scratch.folder("postgres"), KernelEngine.SCHEMA);
          KernelEngine kernel = KernelEngine.start(database);
          Dbos dbos = Dbos.start(database, concurrency)) {
        List<Engine> engines = List.of(kernel, dbos.queued(), dbos.atOnce());
        List<Row> rows = new ArrayList<>();
        rows.addAll(
            new Contest(
                    "%d at once".formatted(concurrency),
                    "operations/s",
                    engines.stream()
                        .<Contestant>map(
                            engine -> new Flood(engine, database, CLIENTS, AHEAD * concurrency))
                        .toList())
                .run(effort, progress));
        rows.addAll(
            new Contest(
                    "one by one, queued to outcome",
                    "operations/s",
                    engines.stream()
                        .<Contestant>map(engine -> new OneByOne(engine, database))
                        .toList())
                .run(effort, progress));
        return new Report(rows, aims(rows));
      }
    }
  }

  private static List<Aim> aims(List<Row> rows) {
    double rate = rows.get(0).median().perSecond() / rows.get(1).median().perSecond();
    double time = rows.get(3).median(Sample::p50Millis) / rows.get(4).median(Sample::p50Millis);
    return List.of(
        new Aim("operations/s, kernel / DBOS queued", rate, true, 1),
        new Aim("queued to outcome, kernel / DBOS queued", time, false, 1));
  }
}
