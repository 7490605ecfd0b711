package dev.slipway.pr.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Several logs as one story. Each keeps its order; of the items that are next the earliest comes
/// first, but none before what it follows from: clocks may differ. Pure.
final class StoryOrder {
  private StoryOrder() {}

  static List<StoryItem> of(Collection<List<StoryItem>> logs) {
    List<Deque<StoryItem>> left = new ArrayList<>();
    Set<UUID> ahead = new HashSet<>();
    for (List<StoryItem> log : logs) {
      left.add(new ArrayDeque<>(log));
      log.forEach(item -> ahead.add(idOf(item)));
    }
    var story = new ArrayList<StoryItem>();
    for (Deque<StoryItem> next = next(left, ahead); next != null; next = next(left, ahead)) {
      StoryItem item = next.remove();
      ahead.remove(idOf(item));
      story.add(item);
    }
    return story;
  }

  /// The log that goes on; null when all have ended.
  private static @Nullable Deque<StoryItem> next(List<Deque<StoryItem>> left, Set<UUID> ahead) {
    Deque<StoryItem> next = null;
    boolean isFree = false;
    for (Deque<StoryItem> log : left) {
      StoryItem item = log.peek();
      if (item == null) {
        continue;
      }
      boolean waits = item.causeId() != null && ahead.contains(item.causeId());
      StoryItem best = next == null ? null : next.peek();
      // when all wait for each other, which logs in their order cannot, time decides
      if (best == null
          || (!waits && !isFree)
          || (waits != isFree && item.at().isBefore(best.at()))) {
        next = log;
        isFree = !waits;
      }
    }
    return next;
  }

  private static UUID idOf(StoryItem item) {
    UUID id = item.id();
    if (id == null) {
      throw new IllegalArgumentException("an item is an event or a delivery");
    }
    return id;
  }
}
