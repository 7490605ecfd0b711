package dev.slipway.notifier.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.live.LogPosition;
import java.util.List;
import java.util.UUID;

/// One partition of the log as this instance has it: recent events, and who listens to the next.
///
/// INVARIANT: an event is offered to every stream in the audience before [#next] passes it, and a
/// stream enters the audience in the same step in which it has been offered everything below
/// [#next]. So nothing is missing and nothing comes twice where a stream goes from the past to the
/// present.
///
/// Locks are held for moments, also by event loops: [Ring] and [Audience] do no I/O. Order of
/// locks: feed, then stream.
final class PartitionFeed {
  /// Events looked at under one lock, so that a long way through the ring delays nobody.
  private static final int LOOKED_AT = 1_000;

  private final UUID topicId;
  private final int partition;
  private final EarlierEpochs earlierEpochs = new EarlierEpochs();

  @GuardedBy("this")
  private final Ring ring;

  @GuardedBy("this")
  private final Audience audience = new Audience();

  private volatile LogPosition next;

  /// @param start from where it will be fed
  PartitionFeed(UUID topicId, int partition, LogPosition start) {
    this.topicId = topicId;
    this.partition = partition;
    this.ring = new Ring(start.offset());
    this.next = start;
  }

  UUID topicId() {
    return topicId;
  }

  int partition() {
    return partition;
  }

  /// What Kafka told of earlier leaders.
  EarlierEpochs earlierEpochs() {
    return earlierEpochs;
  }

  /// The next to be considered: whoever listens live has been offered all below.
  LogPosition next() {
    return next;
  }

  /// The first offset that is still in memory.
  synchronized long floor() {
    return ring.floor();
  }

  /// Adds what was read, and offers it.
  ///
  /// @param end the next to be read, behind all events
  /// @param wakeups gets the streams that have something to send now
  void append(List<LiveEvent> events, LogPosition end, Wakeups wakeups) {
    synchronized (this) {
      for (LiveEvent event : events) {
        ring.add(event);
        audience.forEach(
            event,
            stream -> {
              if (stream.publish(event)) {
                wakeups.add(stream);
              }
            });
      }
      ring.advance(end.offset());
      next = LogPosition.later(next, end);
    }
  }

  /// Forgets the oldest event.
  ///
  /// @return what it took, in bytes
  synchronized int evict() {
    return ring.evict();
  }

  /// What became of an attempt to follow the ring.
  enum Attached {
    /// It has everything and listens.
    LIVE,
    /// It has as much as it takes for now.
    FULL,
    /// There is more to look at.
    MORE,
    /// It is behind what is in memory.
    BEHIND
  }

  /// Offers a stream what the ring has from its position on, and lets it listen when it has all.
  Attached attach(LiveStream stream) {
    synchronized (this) {
      Backlog backlog = stream.backlog();
      long position = backlog.position().offset();
      if (position < ring.floor()) {
        return Attached.BEHIND;
      }
      int index = ring.indexOf(position);
      if (index > 0) {
        backlog.check(ring.get(index - 1));
      }
      int end = Math.min(ring.size(), index + LOOKED_AT);
      for (; index < end; index++) {
        if (!backlog.take(ring.get(index))) {
          return Attached.FULL;
        }
      }
      if (index < ring.size()) {
        return Attached.MORE;
      }
      if (backlog.goLive(next)) {
        audience.add(stream);
      }
      return Attached.LIVE;
    }
  }

  /// Forgets a stream that has ended.
  synchronized void detach(LiveStream stream) {
    if (stream.backlog().isLive()) {
      audience.remove(stream);
    }
  }

  /// How many listen.
  synchronized int listening() {
    return audience.size();
  }
}
