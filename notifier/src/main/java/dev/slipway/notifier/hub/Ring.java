package dev.slipway.notifier.hub;

import org.jspecify.annotations.Nullable;

/// The recent events of one partition, in order: every event from [#floor] on and below [#next].
/// Offsets have gaps, where transactions ended. Not safe for several threads.
final class Ring {
  private static final int LEAST_SLOTS = 16;

  // CONFINED: to whoever guards the ring
  private @Nullable LiveEvent[] slots = new @Nullable LiveEvent[LEAST_SLOTS];
  private int head;
  private int size;
  private long floor;
  private long next;

  /// @param start the first offset that will be added, or a later one will
  Ring(long start) {
    this.floor = start;
    this.next = start;
  }

  /// Appends an event; its offset is not below [#next].
  void add(LiveEvent event) {
    if (event.offset() < next) {
      throw new IllegalArgumentException("offset " + event.offset() + " again, next is " + next);
    }
    if (size == slots.length) {
      resize(slots.length * 2);
    }
    slots[(head + size) % slots.length] = event;
    size++;
    next = event.offset() + 1;
  }

  /// Everything below `offset` has been seen, events or not.
  void advance(long offset) {
    next = Math.max(next, offset);
  }

  /// Forgets the oldest event.
  ///
  /// @return what it took, in bytes
  int evict() {
    LiveEvent oldest = get(0);
    slots[head] = null;
    head = (head + 1) % slots.length;
    size--;
    floor = oldest.offset() + 1;
    if (slots.length > LEAST_SLOTS && size < slots.length / 4) {
      resize(slots.length / 2);
    }
    return oldest.sizeBytes();
  }

  long floor() {
    return floor;
  }

  long next() {
    return next;
  }

  int size() {
    return size;
  }

  LiveEvent get(int index) {
    LiveEvent event = index < size ? slots[(head + index) % slots.length] : null;
    if (event == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return event;
  }

  /// Index of the first event that is not below `offset`; [#size] when there is none.
  int indexOf(long offset) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void resize(int length) {
    @Nullable LiveEvent[] fresh = new @Nullable LiveEvent[length];
    for (int i = 0; i < size; i++) {
      fresh[i] = slots[(head + i) % slots.length];
    }
    slots = fresh;
    head = 0;
  }
}
