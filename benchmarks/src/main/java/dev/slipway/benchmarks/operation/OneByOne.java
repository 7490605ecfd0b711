package dev.slipway.benchmarks.operation;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.database.BenchDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// One operation after the other, each after a rest: from before it is queued until its outcome is
/// seen in the database, which is asked again and again.
record OneByOne(Engine engine, BenchDatabase database) implements Contestant {
  private static final Duration REST = Duration.ofMillis(20);
  private static final Duration LOOK_AGAIN = Duration.ofNanos(200_000);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long LONGEST_MICROS = PATIENCE.toNanos() / 1_000;

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    var times = new Histogram(LONGEST_MICROS, 3);
    try (Connection connection = database.connect()) {
      long began = System.nanoTime();
      while (System.nanoTime() - began < duration.toNanos()) {
        // never in step with whoever looks at intervals
        LockSupport.parkNanos(
            REST.toNanos() + ThreadLocalRandom.current().nextLong(REST.toNanos()));
        long start = System.nanoTime();
        String id = engine.queue(() -> {});
        while (!engine.isDone(connection, id)) {
          if (System.nanoTime() - start > PATIENCE.toNanos()) {
            throw new IOException(name() + " leaves an operation without an outcome");
          }
          LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        times.recordValue((System.nanoTime() - start) / 1_000);
      }
    } catch (SQLException e) {
      throw new IOException("the database does not say what is done", e);
    }
    return Sample.of(times.getTotalCount() / (duration.toNanos() / 1e9), times, 0);
  }
}
