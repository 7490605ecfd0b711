package dev.slipway.pipeline.stage;

import java.util.ArrayList;
import java.util.List;

/// What is settled in one transaction.
///
/// @param slices of different partitions
record Turn<S, I, E>(List<Ask<S, I, E>> asks, List<Slice<I>> slices) {
  Turn {
    asks = List.copyOf(asks);
    slices = List.copyOf(slices);
  }

  /// How many inputs there are.
  int size() {
    return asks.size() + slices.stream().mapToInt(slice -> slice.entries().size()).sum();
  }

  boolean isEmpty() {
    return asks.isEmpty() && slices.isEmpty();
  }

  /// The same in two, what came first in the first; of a turn with at least two inputs.
  List<Turn<S, I, E>> halves() {
    int room = size() / 2;
    int first = Math.min(room, asks.size());
    room -= first;
    var before = new ArrayList<Slice<I>>();
    var after = new ArrayList<Slice<I>>();
    for (Slice<I> slice : slices) {
      int taken = Math.min(room, slice.entries().size());
      room -= taken;
      if (taken == slice.entries().size() && (taken > 0 || after.isEmpty())) {
        before.add(slice);
      } else if (taken == 0) {
        after.add(slice);
      } else {
        before.add(slice.first(taken));
        after.add(slice.without(taken));
      }
    }
    return List.of(
        new Turn<>(asks.subList(0, first), before),
        new Turn<>(asks.subList(first, asks.size()), after));
  }

  /// Without requests that nobody waits for any more.
  Turn<S, I, E> withoutGivenUp() {
    return new Turn<>(
        asks.stream()
            .filter(ask -> !(ask instanceof Ask.Requested<S, I, E> request && request.isGivenUp()))
            .toList(),
        slices);
  }
}
