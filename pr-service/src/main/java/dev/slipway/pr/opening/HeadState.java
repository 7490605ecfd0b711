package dev.slipway.pr.opening;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What is known of a head that a pull request was asked for.
///
/// @param version counts what has happened to it
/// @param active operations that have not ended
record HeadState(long version, List<UUID> active) {
  static final HeadState UNKNOWN = new HeadState(0, List.of());

  HeadState {
    active = List.copyOf(active);
  }

  HeadState asked(UUID operation) {
    var more = new ArrayList<>(active);
    more.add(operation);
    return new HeadState(version + 1, more);
  }

  HeadState ended(UUID operation) {
    return new HeadState(
        version + 1, active.stream().filter(one -> !one.equals(operation)).toList());
  }
}
