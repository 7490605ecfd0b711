package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.LogPosition;
import java.util.List;

/// A part of one partition's past: every event from offset `from` on and below `next`.
record Stretch(PartitionFeed feed, long from, List<LiveEvent> events, LogPosition next) {
  Stretch {
    events = List.copyOf(events);
  }

  boolean contains(PartitionFeed wanted, long offset) {
    return wanted.equals(feed) && from <= offset && offset < next.offset();
  }
}
