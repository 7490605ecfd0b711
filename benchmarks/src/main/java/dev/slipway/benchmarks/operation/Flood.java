package dev.slipway.benchmarks.operation;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.database.BenchDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/// Clients that queue operations as fast as they are made, never more than so many ahead. The time
/// ends when the last outcome is committed; a turn in which one is missing is no figure.
///
/// @param ahead how many may be queued or on their way
record Flood(Engine engine, BenchDatabase database, int clients, int ahead) implements Contestant {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    try (Connection connection = database.connect()) {
      long before = engine.done(connection);
      long began = System.nanoTime();
      long queued = queue(began + duration.toNanos());
      while (engine.open(connection) > 0) {
        if (System.nanoTime() - began > duration.plus(PATIENCE).toNanos()) {
          throw new IOException(name() + " leaves operations without an outcome");
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      long done = engine.done(connection) - before;
      if (done != queued) {
        throw new IOException(
            "%s was asked for %d operations and made %d".formatted(name(), queued, done));
      }
      return new Sample(queued / seconds, queued, null, null, 0);
    } catch (SQLException e) {
      throw new IOException("the database does not say what is done", e);
    }
  }

  private long queue(long end) throws IOException, InterruptedException {
    var room = new Semaphore(ahead);
    long queued = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> all = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        all.add(threads.submit(() -> client(room, end)));
      }
      for (Future<Long> one : all) {
        queued += one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(name() + " takes no operations", e);
    }
    return queued;
  }

  private long client(Semaphore room, long end) throws InterruptedException {
    long queued = 0;
    for (; System.nanoTime() < end; queued++) {
      room.acquire();
      String _ = engine.queue(room::release);
    }
    return queued;
  }
}
