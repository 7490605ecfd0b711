package dev.slipway.pipeline.stage;

import java.util.concurrent.atomic.AtomicInteger;

/// How many records became dead letters in a row: one mistake in a schema or in a build would bury
/// a whole topic otherwise.
final class Burials {
  private final int most;
  private final AtomicInteger row = new AtomicInteger();

  /// @param most records in a row, none applied between
  Burials(int most) {
    this.most = most;
  }

  /// Whether one more may be buried; if so, it counts.
  boolean mayBury() {
    return row.getAndUpdate(buried -> Math.min(buried + 1, most)) < most;
  }

  /// What became of records.
  void settled(Counts counts) {
    if (counts.applied() + counts.rejected() > 0) {
      row.set(0);
    }
  }
}
