package dev.slipway.notifier.hub;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// Events that wait for one client, bounded. Not safe for several threads.
final class EventQueue {
  private final long maxBytes;
  private final int maxEvents;
  private final Queue<LiveEvent> events = new ArrayDeque<>();
  private long bytes;

  EventQueue(long maxBytes, int maxEvents) {
    this.maxBytes = maxBytes;
    this.maxEvents = maxEvents;
  }

  /// Adds an event, unless there is no room. One event always fits, however large.
  boolean add(LiveEvent event) {
    if (!events.isEmpty() && (bytes + event.sizeBytes() > maxBytes || events.size() >= maxEvents)) {
      return false;
    }
    put(event);
    return true;
  }

  /// Adds an event in any case.
  void put(LiveEvent event) {
    events.add(event);
    bytes += event.sizeBytes();
  }

  /// Whether a good part is left for what may come all at once: who fills the queue by choice stops
  /// here.
  boolean hasPlenty() {
    return bytes < maxBytes / 4 && events.size() < maxEvents / 4 + 1;
  }

  /// Moves events to a batch until that is large enough; one at least when there is one.
  void drainTo(List<? super LiveEvent> batch, int batchBytes) {
    int taken = 0;
    while (taken < batchBytes) {
      LiveEvent event = events.poll();
      if (event == null) {
        return;
      }
      batch.add(event);
      bytes -= event.sizeBytes();
      taken += event.sizeBytes();
    }
  }

  void clear() {
    events.clear();
    bytes = 0;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }
}
