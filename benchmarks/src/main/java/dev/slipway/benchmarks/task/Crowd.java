package dev.slipway.benchmarks.task;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.ConcurrentHistogram;

/// So many tasks at a time, each followed by another until the time is over.
///
/// @param work one task, from asking for it to its pull request
record Crowd(String name, int atOnce, Work work) implements Contestant {
  private static final long LONGEST_MICROS = Duration.ofMinutes(10).toNanos() / 1_000;
  private static final double SECONDS_A_MINUTE = 60;

  /// Does one.
  @FunctionalInterface
  interface Work {
    /// From asking for it to its end.
    ///
    /// @return how long it took until the pull request was there, what comes after it left out
    Duration once() throws IOException, InterruptedException;
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    ConcurrentHistogram times = new ConcurrentHistogram(LONGEST_MICROS, 3);
    long began = System.nanoTime();
    List<Future<Boolean>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < atOnce; n++) {
        workers.add(
            threads.submit(() -> {
              do {
                times.recordValue(work.once().toNanos() / 1_000);
              } while (System.nanoTime() - began < duration.toNanos());
              return true;
            }));
      }
    }
    for (Future<Boolean> worker : workers) {
      check(worker);
    }
    double minutes = (System.nanoTime() - began) / 1e9 / SECONDS_A_MINUTE;
    return Sample.of(times.getTotalCount() / minutes, times, 0);
  }

  /// A task that came to nothing is no figure.
  private static void check(Future<Boolean> worker) throws IOException, InterruptedException {
    try {
      boolean _ = worker.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }
}
