package dev.slipway.pipeline.stage;

import java.util.concurrent.atomic.AtomicIntegerArray;

/// How many partitions each door of a stage has in this process.
final class Shares {
  private final AtomicIntegerArray counts;

  Shares(int doors) {
    this.counts = new AtomicIntegerArray(doors);
  }

  void set(int door, int partitions) {
    counts.set(door, partitions);
  }

  /// Whether there is none.
  boolean isEmpty() {
    for (int door = 0; door < counts.length(); door++) {
      if (counts.get(door) > 0) {
        return false;
      }
    }
    return true;
  }
}
