package dev.slipway.pr.opening;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is known of a head that a pull request was asked for.
///
/// @param version counts what has happened to it
/// @param active operations that have not ended
/// @param pullRequest the one that the last of them came to; null when none has
record HeadState(long version, List<UUID> active, @Nullable Opened pullRequest) {
  static final HeadState UNKNOWN = new HeadState(0, List.of(), null);

  HeadState {
    active = List.copyOf(active);
  }

  /// A pull request of the head.
  record Opened(long repositoryId, long number, String url) {}

  HeadState asked(UUID operation) {
    var more = new ArrayList<>(active);
    more.add(operation);
    return new HeadState(version + 1, more, pullRequest);
  }

  /// @param opened what it came to; null leaves the one before
  HeadState ended(UUID operation, @Nullable Opened opened) {
    return new HeadState(
        version + 1,
        active.stream().filter(one -> !one.equals(operation)).toList(),
        opened == null ? pullRequest : opened);
  }
}
