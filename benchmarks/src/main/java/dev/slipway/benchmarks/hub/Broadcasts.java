package dev.slipway.benchmarks.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/// Events on their way to all clients, and how long each was: one thread publishes, one receives.
/// No more than a window of them are on their way, which is how what is slow slows the publisher
/// down.
final class Broadcasts {
  private static final long LONGEST_MICROS = Duration.ofMinutes(5).toNanos() / 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int clients;
  private final int window;
  private final long first;
  private final Semaphore room;
  private final AtomicLongArray sent;
  private long next; // CONFINED: to who publishes

  // CONFINED: to who receives, until the last event has arrived
  private final long[] expected;
  private final int[] missing;
  private final Histogram each = new Histogram(LONGEST_MICROS, 3);
  private final Histogram last = new Histogram(LONGEST_MICROS, 3);
  private long wrong;

  /// @param first number of the first event: those of former turns are below
  Broadcasts(int clients, int window, long first) {
    this.clients = clients;
    this.window = window;
    this.first = first;
    this.room = new Semaphore(window);
    this.sent = new AtomicLongArray(window);
    this.next = first;
    this.expected = new long[clients];
    this.missing = new int[window];
    Arrays.fill(expected, first);
    Arrays.fill(missing, clients);
  }

  /// Waits until there is room for one event at least.
  ///
  /// @return for how many there is
  /// @throws IOException when nothing arrives any more
  int awaitRoom() throws IOException, InterruptedException {
    await(1);
    return 1 + room.drainPermits();
  }

  /// Waits until there is room for one event.
  ///
  /// @throws IOException when nothing arrives any more
  void awaitOne() throws IOException, InterruptedException {
    await(1);
  }

  private void await(int events) throws IOException, InterruptedException {
    if (!room.tryAcquire(events, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("not all clients have got what was published");
    }
  }

  /// Events are being published from now on.
  ///
  /// @param at since when, as of [System#nanoTime]
  /// @return number of the first
  long publish(int count, long at) {
    long from = next;
    for (; next < from + count; next++) {
      sent.set(slot(next), at);
    }
    return from;
  }

  /// A client has got an event.
  void arrived(int client, long number) {
    if (number != expected[client]) {
      wrong++; // missing, twice or out of order
      return;
    }
    expected[client] = number + 1;
    int slot = slot(number);
    long micros = (System.nanoTime() - sent.get(slot)) / 1_000;
    each.recordValue(micros);
    if (--missing[slot] == 0) {
      missing[slot] = clients;
      last.recordValue(micros);
      room.release();
    }
  }

  /// Waits until every client has got everything.
  ///
  /// @throws IOException when one does not
  void awaitAll() throws IOException, InterruptedException {
    await(window);
  }

  private int slot(long number) {
    return Math.floorMod(number, window);
  }

  /// Number of the next event.
  long next() {
    return next;
  }

  /// How many were published.
  long events() {
    return next - first;
  }

  /// From publishing to each client, in microseconds. Once all have arrived.
  Histogram each() {
    return each;
  }

  /// From publishing to the last client, in microseconds. Once all have arrived.
  Histogram last() {
    return last;
  }

  /// What came that was not the next. Once all have arrived.
  long wrong() {
    return wrong;
  }
}
