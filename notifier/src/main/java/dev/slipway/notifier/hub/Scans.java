package dev.slipway.notifier.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.live.LogPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the past for clients that resume from before what is in memory, and asks about it.
///
/// Streams of one partition share what is read: a round takes all that wait, begins with the one
/// that is furthest behind, and hands each stretch to all who are in it. A stream asks again when
/// its client has taken what it got, so that each goes at its own pace, and what is held is one
/// stretch for each scan. The number of scans at a time is bounded; partitions take turns.
final class Scans implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scans.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// Those furthest behind first; of those at one offset, one that knows its epoch, so that the log
  /// is compared with it.
  private static final Comparator<LogPosition> ORDER =
      Comparator.comparingLong(LogPosition::offset)
          .thenComparing(LogPosition::epoch, Comparator.reverseOrder());

  private final Supplier<Scan> factory;
  private final int maxWorkers;
  private final CountDownLatch closing = new CountDownLatch(1);

  @GuardedBy("this")
  private final Map<PartitionFeed, Round> waiting = new LinkedHashMap<>();

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

  /// @param epochs of each the highest offset that is asked for
  private record Round(
      PartitionFeed feed, List<LiveStream> streams, Map<EarlierEpoch, Long> epochs) {
    Round(PartitionFeed feed) {
      this(feed, new ArrayList<>(), new HashMap<>());
    }
  }

  /// Fetches what is next for a stream, soon. Never blocks.
  void request(LiveStream stream) {
    request(stream.feed(), round -> round.streams().add(stream));
  }

  /// Whether an earlier epoch reaches an offset. Never blocks.
  ///
  /// @return empty when Kafka has not said so yet: it is asked, look again soon
  Optional<Boolean> reach(PartitionFeed feed, EarlierEpoch epoch, long offset) {
    Optional<Boolean> known = feed.earlierEpochs().reach(epoch, offset);
    if (known.isEmpty()) {
      request(feed, round -> round.epochs().merge(epoch, offset, Math::max));
    }
    return known;
  }

  private void request(PartitionFeed feed, Consumer<Round> wish) {
    synchronized (this) {
      wish.accept(waiting.computeIfAbsent(feed, Round::new));
      if (workers >= maxWorkers || busy.contains(feed) || closing.getCount() == 0) {
        return; // a worker that is there will come to it
      }
      workers++;
    }
    var _ = Thread.ofVirtual().name("live-scan").start(this::work);
  }

  /// Streams that wait for a scan.
  synchronized int waiting() {
    return waiting.values().stream().mapToInt(round -> round.streams().size()).sum();
  }

  private void work() {
    for (Round round = next(); round != null; round = next()) {
      try {
        answer(round);
      } catch (RuntimeException e) {
        // Nobody else would ever look after them.
        log.atError()
            .addKeyValue("partition", round.feed().partition())
            .setCause(e)
            .log("scan failed");
        round.streams().forEach(stream -> stream.end(EndReason.LOG_CHANGED));
      } finally {
        done(round);
      }
    }
  }

  private synchronized @Nullable Round next() {
    Iterator<Round> rounds = waiting.values().iterator();
    while (rounds.hasNext() && closing.getCount() > 0) {
      Round round = rounds.next();
      if (busy.add(round.feed())) {
        rounds.remove();
        return round;
      }
    }
    workers--;
    return null;
  }

  private synchronized void done(Round round) {
    busy.remove(round.feed());
  }

  /// @param round whose streams are those not served yet; none in the end
  private void answer(Round round) {
    PartitionFeed feed = round.feed();
    List<LiveStream> left = round.streams();
    do {
      Scan scan = borrow();
      try {
        round.epochs().forEach((epoch, offset) -> compare(scan, feed, epoch, offset));
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
        round.epochs().clear(); // who still waits for it asks again
        if (pause()) {
          return;
        }
      }
    } while (!left.isEmpty());
  }

  private static void compare(Scan scan, PartitionFeed feed, EarlierEpoch epoch, long offset) {
    EarlierEpochs epochs = feed.earlierEpochs();
    if (epochs.reach(epoch, offset).isEmpty()) {
      epochs.told(epoch, offset, scan.reach(feed, epoch, offset));
    }
  }

  private static void step(Scan scan, PartitionFeed feed, List<LiveStream> left) {
    left.removeIf(stream -> stream.endReason() != null);
    LogPosition from =
        left.stream().map(stream -> stream.backlog().position()).min(ORDER).orElse(null);
    if (from == null) {
      return;
    }
    try {
      Stretch stretch = scan.read(feed, from);
      List<LiveStream> served =
          left.stream()
              .filter(stream -> stream.backlog().position().offset() < stretch.next().offset())
              .toList();
      left.removeAll(served);
      served.forEach(stream -> stream.fetched(stretch));
    } catch (OffsetOutOfRangeException _) {
      left.stream()
          .filter(stream -> stream.backlog().position().offset() == from.offset())
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
