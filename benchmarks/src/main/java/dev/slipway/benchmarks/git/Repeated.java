package dev.slipway.benchmarks.git;

import dev.slipway.benchmarks.Sample;
import java.io.IOException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// The same again and again, once at least.
final class Repeated {
  private static final long LONGEST_MICROS = Duration.ofMinutes(10).toNanos() / 1_000;

  private Repeated() {}

  /// Something that says itself how long it took.
  @FunctionalInterface
  interface Timed {
    Duration once() throws IOException, InterruptedException;
  }

  static Sample run(Duration duration, Timed work) throws IOException, InterruptedException {
    var times = new Histogram(LONGEST_MICROS, 3);
    long began = System.nanoTime();
    Duration busy = Duration.ZERO;
    do {
      Duration took = work.once();
      times.recordValue(took.toNanos() / 1_000);
      busy = busy.plus(took);
    } while (System.nanoTime() - began < duration.toNanos());
    return Sample.of(times.getTotalCount() / (busy.toNanos() / 1e9), times, 0);
  }
}
