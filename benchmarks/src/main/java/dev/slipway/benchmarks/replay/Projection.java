package dev.slipway.benchmarks.replay;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.SlipwayParts;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// pr-service, started behind a log that has grown meanwhile, until it has seen all of it. Timed
/// over the second half: in the first a young JVM still compiles what it runs.
final class Projection implements Contestant {
  static final int DELIVERIES = 400_000;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final SlipwayParts slipway;
  private final DeliveryLog log;

  // CONFINED: to the contest's thread
  private long written;

  Projection(SlipwayParts slipway, DeliveryLog log) {
    this.slipway = slipway;
    this.log = log;
  }

  @Override
  public String name() {
    return "pr-service: projection";
  }

  /// @param duration not used: it is the deliveries that are counted
  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    long before = written;
    log.append(DELIVERIES);
    written += DELIVERIES;
    try (ChildProgram _ = slipway.runAlone("pr-service", Map.of());
        Figures figures = Figures.of(slipway)) {
      long first = await(figures, before + DELIVERIES / 2);
      long began = System.nanoTime();
      long last = await(figures, written);
      double seconds = (System.nanoTime() - began) / 1e9;
      return new Sample((last - first) / seconds, DELIVERIES, null, null, figures.failed());
    }
  }

  private static long await(Figures figures, long atLeast) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long seen = figures.seen();
    while (seen < atLeast) {
      if (System.nanoTime() > deadline) {
        throw new IOException("pr-service has seen %d of %d deliveries".formatted(seen, atLeast));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      seen = figures.seen();
    }
    return seen;
  }
}
