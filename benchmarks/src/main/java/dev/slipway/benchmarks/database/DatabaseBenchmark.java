package dev.slipway.benchmarks.database;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What the deliveries feature asks of Postgres, on a table that has been filled first, and
/// `pgbench` doing the same.
public final class DatabaseBenchmark implements Benchmark {
  private static final int LARGEST_BATCH = 500;
  private static final int WRITERS = 100;
  private static final int READERS = 16;

  private static final String STAGE = "stage transaction, batches of ";
  private static final String BULK = "bulk insert of 500";
  private static final String WRITES = "100 writers of single rows";
  private static final String LOOK_UP = "look-up by id, 16 readers";
  private static final String BY_NUMBER = "pull request by number, of 1,000,000, 16 readers";
  private static final String QUERY = "joins and filters, 16 readers";

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path _ = Tool.PGBENCH.find();
    try (Scratch scratch = Scratch.create()) {
      progress.accept("starting PostgreSQL");
      try (BenchDatabase database = BenchDatabase.start(scratch.folder("postgres"))) {
        var work = new DeliveryWork(database.database());
        PgBench.Server pgbench = database.pgbench(scratch.folder("pgbench"));
        progress.accept("comparing what is written");
        requireSameRows(database, work, pgbench);
        List<Row> rows = new ArrayList<>();
        for (Contest contest : contests(work, pgbench)) {
          // each begins with the same table, whatever the one before has written
          progress.accept("writing %,d deliveries first".formatted(DeliveryWork.FIRST_ROWS));
          database.empty();
          work.fill();
          database.analyze();
          rows.addAll(contest.run(effort, progress));
        }
        progress.accept("writing %,d pull requests".formatted(PullRequestWork.ROWS));
        var pullRequests = new PullRequestWork(database.database());
        pullRequests.fill();
        database.analyze();
        rows.addAll(
            new Contest(BY_NUMBER, "queries/s", List.of(pullRequests.lookUp(READERS)))
                .run(effort, progress));
        return new Report(rows, aims(rows));
      }
    }
  }

  /// To be faster by writing less is no contest.
  private static void requireSameRows(
      BenchDatabase database, DeliveryWork work, PgBench.Server pgbench)
      throws IOException, InterruptedException {
    int batch = 100;
    int batches = 16; // of whole pull requests
    work.write(batch, batches);
    Map<String, Long> ours = database.rows();
    database.empty();
    Sample _ = pgbench.stage(batch).run(batches);
    Map<String, Long> theirs = database.rows();
    if (!ours.equals(theirs)) {
      throw new IOException("the stage writes " + ours + ", but pgbench " + theirs);
    }
  }

  private static List<Contest> contests(DeliveryWork work, PgBench.Server pgbench) {
    return List.of(
        stage(work, pgbench, 1),
        stage(work, pgbench, 100),
        stage(work, pgbench, LARGEST_BATCH),
        new Contest(BULK, "rows/s", List.of(work.insert(1, LARGEST_BATCH))),
        new Contest(WRITES, "rows/s", List.of(work.insert(WRITERS, 1))),
        new Contest(LOOK_UP, "queries/s", List.of(work.lookUp(READERS), pgbench.lookUp(READERS))),
        new Contest(QUERY, "queries/s", List.of(work.query(READERS))));
  }

  private static Contest stage(DeliveryWork work, PgBench.Server pgbench, int batch) {
    return new Contest(
        STAGE + batch, "deliveries/s", List.of(work.stage(batch), pgbench.stage(batch)));
  }

  private static List<Aim> aims(List<Row> rows) {
    Row writes = own(rows, WRITES);
    long written = writes.rounds().stream().mapToLong(Sample::operations).sum();
    return List.of(
        atLeast(STAGE + LARGEST_BATCH + ", deliveries/s", rows, STAGE + LARGEST_BATCH, 50_000),
        atLeast("bulk insert, rows/s", rows, BULK, 100),
        atLeast("100 writers, rows/s", rows, WRITES, 100),
        new Aim(
            "100 writers, share that succeeds",
            1 - (double) writes.failed() / Math.max(1, written),
            true,
            0.95),
        new Aim("look-up, ms (median)", own(rows, LOOK_UP).median().p50Millis(), false, 5),
        new Aim(
            "pull request by number, ms (median)",
            own(rows, BY_NUMBER).median().p50Millis(),
            false,
            5),
        new Aim(
            "joins and filters, ms (median)", own(rows, QUERY).median().p50Millis(), false, 50));
  }

  private static Aim atLeast(String what, List<Row> rows, String contest, double aimed) {
    return new Aim(what, own(rows, contest).median().perSecond(), true, aimed);
  }

  private static Row own(List<Row> rows, String contest) {
    return rows.stream().filter(row -> row.contest().equals(contest)).findFirst().orElseThrow();
  }
}
