package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// The pull requests of one turn, and which of them the client has been told of. One thread reads
/// what the client gets.
final class Arrivals {
  static final long LONGEST_MICROS = Duration.ofMinutes(5).toNanos() / 1_000;

  private static final String TYPE = "\"type\":\"pull_request.opened\"";
  private static final String NUMBER = "\"number\":";

  private final Schedule schedule;
  private final int first;
  private final int count;
  private final CountDownLatch missing;

  // CONFINED: to the thread that reads, until all have arrived
  private final boolean[] arrived;
  private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
  private final AtomicInteger wrong = new AtomicInteger();

  /// @param first number of the first pull request
  Arrivals(Schedule schedule, int first, int count) {
    this.schedule = schedule;
    this.first = first;
    this.count = count;
    this.arrived = new boolean[count];
    this.missing = new CountDownLatch(count);
  }

  /// The client has got an event.
  ///
  /// @param json as it came
  /// @param at when, as of [System#nanoTime]
  void event(String json, long at) {
    int index = number(json) - first;
    if (index < 0 || index >= count || arrived[index] || !json.contains(TYPE)) {
      var _ = wrong.incrementAndGet();
      return;
    }
    arrived[index] = true;
    micros.recordValue((at - schedule.due(index)) / 1_000);
    missing.countDown();
  }

  /// The number of the pull request that an event is about.
  ///
  /// @return -1 when there is none
  static int number(String json) {
    int begin = json.indexOf(NUMBER);
    if (begin < 0) {
      return -1;
    }
    begin += NUMBER.length();
    int end = begin;
    while (end < json.length() && Character.isDigit(json.charAt(end))) {
      end++;
    }
    return Integer.parseInt(json, begin, end, 10);
  }

  /// Waits until every pull request has arrived.
  ///
  /// @throws IOException when one has not, or something else has
  void awaitAll(Duration patience) throws IOException, InterruptedException {
    boolean all = missing.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (!all || wrong.get() > 0) {
      throw new IOException(
          "of %,d events %,d are missing, and %,d came that must not"
              .formatted(count, missing.getCount(), wrong.get()));
    }
  }

  /// From the time at which each was due to its arrival, in microseconds.
  Histogram micros() {
    return micros;
  }
}
