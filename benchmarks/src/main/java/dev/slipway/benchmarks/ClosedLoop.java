package dev.slipway.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/// So many clients, each of which begins anew as soon as it has its answer.
public final class ClosedLoop {
  private static final long LONGEST_MICROS = Duration.ofMinutes(5).toNanos() / 1_000;

  private final int clients;
  private final Operation operation;
  private final AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();

  public ClosedLoop(int clients, Operation operation) {
    this.clients = clients;
    this.operation = operation;
  }

  /// One operation, from its beginning to its answer.
  @FunctionalInterface
  public interface Operation {
    /// Runs it.
    ///
    /// @return what it got done, in the contest's unit
    /// @throws RuntimeException when it failed, which is counted
    long run();
  }

  /// Runs all clients.
  ///
  /// @throws IllegalStateException when most operations failed: such a figure would mean nothing
  public Sample run(Duration duration) throws InterruptedException {
    var times = new ConcurrentHistogram(LONGEST_MICROS, 3);
    var done = new LongAdder();
    var failed = new LongAdder();
    var running = new CountDownLatch(clients);
    long began = System.nanoTime();
    long end = began + duration.toNanos();
    for (int client = 0; client < clients; client++) {
      Thread _ =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (System.nanoTime() < end) {
                    long start = System.nanoTime();
                    try {
                      done.add(operation.run());
                    } catch (RuntimeException e) {
                      failed.increment();
                      first.compareAndSet(null, e);
                    }
                    times.recordValue((System.nanoTime() - start) / 1_000);
                  }
                } finally {
                  running.countDown();
                }
              });
    }
    running.await();
    RuntimeException failure = first.get();
    if (failure != null && failed.sum() * 2 > times.getTotalCount()) {
      throw new IllegalStateException("most operations failed", failure);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return Sample.of(done.sum() / seconds, times, failed.sum());
  }
}
