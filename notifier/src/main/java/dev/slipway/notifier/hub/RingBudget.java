package dev.slipway.notifier.hub;

import java.util.ArrayDeque;
import java.util.Queue;

/// Bounds what all rings hold together: for each event too many, the oldest of all is forgotten.
/// Used by the thread that reads.
final class RingBudget {
  private final long maxBytes;

  // CONFINED: to the thread that reads
  private final Queue<PartitionFeed> order = new ArrayDeque<>();
  private volatile long bytes;

  RingBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// An event was added to a ring.
  void added(PartitionFeed feed, LiveEvent event) {
    long held = bytes + event.sizeBytes();
    order.add(feed);
    while (held > maxBytes) {
      held -= order.remove().evict();
    }
    bytes = held;
  }

  /// All rings were dropped.
  void clear() {
    order.clear();
    bytes = 0;
  }

  /// Held now.
  long bytes() {
    return bytes;
  }
}
