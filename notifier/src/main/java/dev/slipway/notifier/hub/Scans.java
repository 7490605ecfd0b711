package dev.slipway.notifier.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the past for clients that resume from before what is in memory.
///
/// Streams of one partition share what is read: a round takes all that wait, begins with the one
/// that is furthest behind, and hands each stretch to all who are in it. A stream asks again when
/// its client has taken what it got, so that each goes at its own pace, and what is held is one
/// stretch for each scan. The number of scans at a time is bounded; partitions take turns.
final class Scans implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scans.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Supplier<Scan> factory;
  private final int maxWorkers;
  private final CountDownLatch closing = new CountDownLatch(1);

  @GuardedBy("this")
  private final Map<PartitionFeed, List<LiveStream>> waiting = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Set<PartitionFeed> busy = new HashSet<>();

  @GuardedBy("this")
  private final Deque<Scan> idle = new ArrayDeque<>();

  @GuardedBy("this")
  private int workers;

  Scans(Supplier<Scan> factory, int maxWorkers) {
    this.factory = factory;
    this.maxWorkers = maxWorkers;
  }

  private record Round(PartitionFeed feed, List<LiveStream> streams) {}

  /// Fetches what is next for a stream, soon. Never blocks.
  void request(LiveStream stream) {
    synchronized (this) {
      waiting.computeIfAbsent(stream.feed(), _ -> new ArrayList<>()).add(stream);
      if (workers >= maxWorkers || busy.contains(stream.feed()) || closing.getCount() == 0) {
        return; // a worker that is there will come to it
      }
      workers++;
    }
    var _ = Thread.ofVirtual().name("live-scan").start(this::work);
  }

  /// Streams that wait for a scan.
  synchronized int waiting() {
    return waiting.values().stream().mapToInt(List::size).sum();
  }

  private void work() {
    for (Round round = next(); round != null; round = next()) {
      List<LiveStream> left = new ArrayList<>(round.streams());
      try {
        read(round.feed(), left);
      } catch (RuntimeException e) {
        // Nobody else would ever look after them.
        log.atError()
            .addKeyValue("partition", round.feed().partition())
            .setCause(e)
            .log("scan failed");
        left.forEach(stream -> stream.end(EndReason.LOG_CHANGED));
      } finally {
        done(round);
      }
    }
  }

  private synchronized @Nullable Round next() {
    Iterator<Map.Entry<PartitionFeed, List<LiveStream>>> entries = waiting.entrySet().iterator();
    while (entries.hasNext() && closing.getCount() > 0) {
      Map.Entry<PartitionFeed, List<LiveStream>> entry = entries.next();
      if (busy.add(entry.getKey())) {
        entries.remove();
        return new Round(entry.getKey(), entry.getValue());
      }
    }
    workers--;
    return null;
  }

  private synchronized void done(Round round) {
    busy.remove(round.feed());
  }

  /// @param left streams not served yet; empty in the end
  private void read(PartitionFeed feed, List<LiveStream> left) {
    while (!left.isEmpty()) {
      Scan scan = borrow();
      try {
        while (!left.isEmpty()) {
          step(scan, feed, left);
        }
        giveBack(scan);
      } catch (KafkaException | RetryableException e) {
        scan.close();
        log.atWarn()
            .addKeyValue("partition", feed.partition())
            .addKeyValue("cause", e.getClass().getSimpleName())
            .log("scan waits for Kafka");
        if (pause()) {
          return;
        }
      }
    }
  }

  private static void step(Scan scan, PartitionFeed feed, List<LiveStream> left) {
    left.removeIf(stream -> stream.endReason() != null);
    long from =
        left.stream().mapToLong(stream -> stream.backlog().position()).min().orElse(Long.MAX_VALUE);
    if (left.isEmpty()) {
      return;
    }
    try {
      Stretch stretch = scan.read(feed, from);
      List<LiveStream> served =
          left.stream().filter(stream -> stream.backlog().position() < stretch.next()).toList();
      left.removeAll(served);
      served.forEach(stream -> stream.fetched(stretch));
    } catch (OffsetOutOfRangeException _) {
      left.stream()
          .filter(stream -> stream.backlog().position() == from)
          .forEach(stream -> stream.end(EndReason.LOG_CHANGED));
    }
  }

  /// @return whether to stop for good
  private boolean pause() {
    long millis = PAUSE.toMillis() + ThreadLocalRandom.current().nextLong(PAUSE.toMillis());
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private Scan borrow() {
    synchronized (this) {
      Scan kept = idle.poll();
      if (kept != null) {
        return kept;
      }
    }
    return factory.get();
  }

  private void giveBack(Scan scan) {
    synchronized (this) {
      if (closing.getCount() > 0) {
        idle.add(scan);
        return;
      }
    }
    scan.close();
  }

  @Override
  public void close() {
    List<Scan> kept;
    synchronized (this) {
      closing.countDown();
      kept = List.copyOf(idle);
      idle.clear();
    }
    kept.forEach(Scan::close);
  }
}
