package dev.slipway.notifier.hub;

import static dev.slipway.notifier.hub.TestEvents.TOPIC;
import static dev.slipway.notifier.hub.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.live.LogPosition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.BaseSubscriber;

class LiveStreamTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final ScheduledExecutorService lane = Executors.newSingleThreadScheduledExecutor();
  private final PartitionFeed feed = TestEvents.feed(0);
  private final Wakeups wakeups = new Wakeups();
  private final Scans scans =
      new Scans(
          () -> {
            throw new IllegalStateException("all is in memory");
          },
          1);

  @AfterEach
  void stop() {
    lane.shutdownNow();
  }

  @Test
  void streamsThatJoinAnywhereGetEverythingOnceInOrderWhileEventsGoOn() {
    Hub hub = hub(DataSize.ofMegabytes(8), 100_000);
    Random random = new Random(42);
    List<LiveEvent> all = new ArrayList<>();
    List<Reader> readers = new ArrayList<>();
    long next = 0;
    for (int round = 0; round < 400; round++) {
      List<LiveEvent> batch = new ArrayList<>();
      for (int i = random.nextInt(20); i > 0; i--) {
        next += random.nextInt(3); // markers of transactions
        batch.add(event(next++, random.nextBoolean() ? "/red" : "/blue"));
      }
      all.addAll(batch);
      feed.append(batch, LogPosition.at(next), wakeups);
      wakeups.flush();
      if (round % 4 == 0) {
        // some are ahead of this instance
        long from = random.nextLong(next + 30);
        Set<String> topics = round % 8 == 0 ? Set.of() : Set.of("/red");
        readers.add(new Reader(hub, topics, from, random.nextInt(1, 5)));
      }
    }
    long last = next + 40;
    LiveEvent end = event(last, "/red");
    all.add(end);
    feed.append(List.of(end), end.behind(), wakeups);
    wakeups.flush();

    assertThat(readers)
        .allSatisfy(reader -> {
          await(() -> reader.offsets.contains(last));
          assertThat(reader.offsets)
              .isEqualTo(
                  all.stream()
                      .filter(
                          e -> e.offset() >= reader.from.offset() && reader.subscription.matches(e))
                      .map(LiveEvent::offset)
                      .toList());
        });
    assertThat(hub.listening()).isEqualTo(readers.size());
    readers.forEach(Reader::dispose);
    await(() -> hub.connections() == 0);
    assertThat(hub.listening()).isZero();
  }

  @Test
  void aClientThatTakesNothingIsCutOffAndTheOtherIsNot() {
    Hub hub = hub(DataSize.ofKilobytes(16), 1_000);
    Reader slow = new Reader(hub, Set.of(), 0, 0);
    Reader quick = new Reader(hub, Set.of(), 0, 10);
    await(() -> hub.listening() == 2);

    for (long offset = 0; offset < 200; offset++) {
      long sent = offset;
      LiveEvent event = event(offset);
      feed.append(List.of(event), event.behind(), wakeups);
      wakeups.flush();
      await(() -> quick.offsets.contains(sent));
    }

    await(() -> slow.stream.endReason() == EndReason.SLOW);
    await(() -> hub.listening() == 1);
    assertThat(slow.offsets).isEmpty();
    assertThat(quick.offsets).hasSize(200);
    assertThat(quick.stream.endReason()).isNull();
  }

  @Test
  void aStreamOfALogThatIsNoMoreEnds() {
    Hub hub = hub(DataSize.ofMegabytes(1), 1_000);
    Reader before = new Reader(hub, Set.of(), 0, 10);
    await(() -> hub.listening() == 1);

    hub.replace(new Feeds(TOPIC, List.of(TestEvents.feed(0))));
    Reader late = new Reader(hub, Set.of(), 0, 10); // was on its way meanwhile

    await(() -> before.stream.endReason() == EndReason.LOG_CHANGED);
    await(() -> late.stream.endReason() == EndReason.LOG_CHANGED);
    await(() -> hub.connections() == 0);
    hub.stop();
    Reader after = new Reader(hub, Set.of(), 0, 10);
    await(() -> after.stream.endReason() == EndReason.STOPPED);
  }

  @Test
  void aStreamThatIsAheadGoesOnWhereItIsWhenTheSameLogComesThere() {
    Hub hub = hub(DataSize.ofMegabytes(1), 1_000);
    Reader ahead = new Reader(hub, Set.of(), new LogPosition(5, 10), 10);
    await(() -> hub.listening() == 1);

    offer(event(4, 8), event(5, 9), event(6, 10));

    await(() -> ahead.offsets.contains(10L));
    assertThat(ahead.offsets).containsExactly(10L);
    assertThat(ahead.stream.endReason()).isNull();
  }

  @Test
  void aStreamThatIsAheadEndsWhenAnotherLogComesThere() {
    Hub hub = hub(DataSize.ofMegabytes(1), 1_000);
    Reader ahead = new Reader(hub, Set.of(), new LogPosition(5, 10), 10);
    await(() -> hub.listening() == 1);

    offer(event(5, 8), event(6, 9), event(6, 10));

    await(() -> ahead.stream.endReason() == EndReason.LOG_CHANGED);
    await(() -> hub.connections() == 0);
    assertThat(ahead.offsets).isEmpty();
  }

  @Test
  void aStreamEndsWhenAnotherLogIsThereAlready() {
    Hub hub = hub(DataSize.ofMegabytes(1), 1_000);
    offer(event(5, 8), event(6, 9), event(6, 10));

    Reader late = new Reader(hub, Set.of(), new LogPosition(5, 10), 10);
    Reader right = new Reader(hub, Set.of(), new LogPosition(5, 9), 10);

    await(() -> late.stream.endReason() == EndReason.LOG_CHANGED);
    await(() -> right.offsets.contains(10L));
    assertThat(late.offsets).isEmpty();
    assertThat(right.offsets).containsExactly(9L, 10L);
  }

  private void offer(LiveEvent... events) {
    feed.append(List.of(events), events[events.length - 1].behind(), wakeups);
    wakeups.flush();
  }

  private Hub hub(DataSize queueSize, int queueEvents) {
    LiveProperties properties =
        new LiveProperties(
            LONG, LONG, queueSize, 0, queueSize, queueEvents, 9, 9, 9, 1, queueSize, LONG);
    Hub hub =
        new Hub(Optional::empty, scans, properties, new LiveMetrics(new SimpleMeterRegistry()));
    hub.start();
    hub.replace(new Feeds(TOPIC, List.of(feed)));
    return hub;
  }

  /// A way that always has room.
  private final class Open implements Outlet {
    @Override
    public ScheduledExecutorService lane() {
      return lane;
    }

    @Override
    public boolean takesMore() {
      return true;
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await().pollInterval(Duration.ofMillis(1)).until(condition);
  }

  /// A client that asks for a few batches at a time; for none when it is slow.
  private final class Reader extends BaseSubscriber<List<Signal>> {
    final dev.slipway.notifier.hub.Subscription subscription;
    final LogPosition from;
    final List<Long> offsets = new CopyOnWriteArrayList<>();
    final LiveStream stream;
    private final int pace;

    Reader(Hub hub, Set<String> topics, long from, int pace) {
      this(hub, topics, LogPosition.at(from), pace);
    }

    Reader(Hub hub, Set<String> topics, LogPosition from, int pace) {
      this.subscription = new dev.slipway.notifier.hub.Subscription("acme", topics, List.of());
      this.from = from;
      this.pace = pace;
      this.stream =
          new LiveStream(
              hub,
              subscription,
              new Place(feed, from, null),
              new Open(),
              new StreamTimers(LONG, LONG, LONG, () -> 0.5));
      stream.signals().subscribe(this);
    }

    @Override
    protected void hookOnSubscribe(Subscription upstream) {
      if (pace > 0) {
        request(pace);
      }
    }

    @Override
    protected void hookOnNext(List<Signal> batch) {
      for (Signal signal : batch) {
        if (signal instanceof LiveEvent event) {
          offsets.add(event.offset());
        }
      }
      request(1);
    }
  }
}
