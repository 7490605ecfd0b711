package dev.slipway.notifier.hub;

import static dev.slipway.notifier.hub.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RingTest {
  /// A step is a gap before the next event, or, from 4 on, forgetting the oldest.
  @Test
  void aRingIsTheEndOfAList() {
    qt().forAll(lists().of(integers().between(0, 6)).ofSizeBetween(0, 200))
        .checkAssert(steps -> {
          Ring ring = new Ring(100);
          List<LiveEvent> all = new ArrayList<>();
          int evicted = 0;
          for (int step : steps) {
            if (step < 4) {
              LiveEvent event = event(ring.next() + step);
              ring.add(event);
              all.add(event);
            } else if (ring.size() > 0) {
              assertThat(ring.evict()).isEqualTo(all.get(evicted).sizeBytes());
              evicted++;
            }
          }

          List<LiveEvent> left = all.subList(evicted, all.size());
          assertThat(IntStream.range(0, ring.size()).mapToObj(ring::get).toList()).isEqualTo(left);
          assertThat(ring.floor())
              .isEqualTo(evicted == 0 ? 100 : all.get(evicted - 1).offset() + 1);
          assertThat(ring.next()).isEqualTo(all.isEmpty() ? 100 : all.getLast().offset() + 1);
          for (long offset = ring.floor(); offset <= ring.next(); offset++) {
            long wanted = offset;
            assertThat(ring.indexOf(offset))
                .isEqualTo((int) left.stream().filter(e -> e.offset() < wanted).count());
          }
        });
  }

  @Test
  void whatHoldsNoEventIsPassedOver() {
    Ring ring = new Ring(5);

    ring.advance(9);
    ring.advance(7);

    assertThat(ring.next()).isEqualTo(9);
    assertThat(ring.floor()).isEqualTo(5);
    assertThatThrownBy(() -> ring.add(event(8))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ring.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theOldestOfAllRingsIsForgottenFirst() {
    LiveEvent sample = event(0);
    RingBudget budget = new RingBudget(2L * sample.sizeBytes());
    PartitionFeed one = TestEvents.feed(0);
    PartitionFeed other = TestEvents.feed(0);
    Wakeups nobody = new Wakeups();

    for (PartitionFeed feed : List.of(one, other, other)) {
      LiveEvent event = event(feed.next().offset());
      feed.append(List.of(event), event.behind(), nobody);
      budget.added(feed, event);
    }

    assertThat(budget.bytes()).isEqualTo(2L * sample.sizeBytes());
    assertThat(one.floor()).isEqualTo(1);
    assertThat(other.floor()).isZero();
  }

  @Test
  void aQueueTakesWhatFitsAndOneInAnyCase() {
    LiveEvent event = event(1);
    EventQueue queue = new EventQueue(2L * event.sizeBytes(), 10);
    EventQueue tiny = new EventQueue(1, 10);
    EventQueue few = new EventQueue(1_000_000, 1);

    assertThat(queue.hasPlenty()).isTrue();
    assertThat(List.of(queue.add(event), queue.add(event), queue.add(event)))
        .containsExactly(true, true, false);
    assertThat(queue.hasPlenty()).isFalse();
    assertThat(List.of(tiny.add(event), tiny.add(event))).containsExactly(true, false);
    assertThat(List.of(few.add(event), few.add(event))).containsExactly(true, false);
    List<Signal> batch = new ArrayList<>();
    queue.drainTo(batch, 1);
    assertThat(batch).containsExactly(event);
    queue.drainTo(batch, 1_000_000);
    assertThat(batch).containsExactly(event, event);
    assertThat(queue.isEmpty()).isTrue();
  }
}
