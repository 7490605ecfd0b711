package dev.slipway.pr.pullrequest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// That a pull request was merged. Reduced objects tell less of it than full ones.
///
/// @param by login
/// @param commitSha what it came to on the base branch
record Merge(Instant at, @Nullable String by, @Nullable String commitSha) {
  /// With what another object says of the same merge.
  Merge with(Merge other) {
    return new Merge(
        other.at.isAfter(at) ? other.at : at,
        greater(by, other.by),
        greater(commitSha, other.commitSha));
  }

  private static @Nullable String greater(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) < 0 ? other : one;
  }
}
