package dev.slipway.benchmarks.sandbox;

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

/// So many places at once are made for a command each, until some output of each has come; and
/// again. What is measured is the time of each, and how many there are a second while they are
/// made.
record FirstOutput(Place place, int atOnce) implements Contestant {
  private static final List<String> COMMAND = List.of("/bin/echo", "here");
  private static final long LONGEST_MICROS = Duration.ofMinutes(5).toNanos() / 1_000;

  @Override
  public String name() {
    return place.name();
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    var times = new ConcurrentHistogram(LONGEST_MICROS, 3);
    long began = System.nanoTime();
    long busy = 0;
    do {
      long start = System.nanoTime();
      together(times);
      busy += System.nanoTime() - start;
      place.clear();
    } while (System.nanoTime() - began < duration.toNanos());
    return Sample.of(times.getTotalCount() / (busy / 1e9), times, 0);
  }

  private void together(ConcurrentHistogram times) throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int n = 0; n < atOnce; n++) {
        all.add(
            threads.submit(() -> {
              long start = System.nanoTime();
              place.runAnew(COMMAND);
              times.recordValue((System.nanoTime() - start) / 1_000);
              return null;
            }));
      }
      for (Future<?> one : all) {
        var _ = one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("not every command had output", e);
    }
  }
}
