package dev.slipway.pr.pullrequest;

import java.time.Instant;
import java.util.Comparator;

/// How new a snapshot is. GitHub's timestamps have a resolution of one second, so that two
/// different snapshots often have the same.
///
/// @param updatedAt GitHub's `updated_at`
/// @param readAt when it was read from the API, if that was long enough after `updatedAt` to be
///   sure that it holds all of that second; [Instant#EPOCH] for every delivery
record SnapshotKey(Instant updatedAt, Instant readAt) implements Comparable<SnapshotKey> {
  private static final Comparator<SnapshotKey> ORDER =
      Comparator.comparing(SnapshotKey::updatedAt).thenComparing(SnapshotKey::readAt);

  @Override
  public int compareTo(SnapshotKey other) {
    return ORDER.compare(this, other);
  }
}
