package dev.slipway.pipeline.stage;

/// What a batch is decided for.
public enum Mode {
  /// What comes in: claim ids; what is known changes nothing, and copies that differ from it are
  /// told.
  LIVE,
  /// Claim ids; what is known changes nothing.
  CLAIM,
  /// Decide as if every id were unknown, and write nothing but positions.
  FORCE,
  /// Decide as if every id were unknown, and write.
  FORCE_APPLY,
  /// As those that come in, but for one that waited: it is claimed by the row that says so.
  REQUEUE,
  /// Work rows out anew in a shadow: claim ids, write states, publish nothing and ask for nothing.
  FOLD;

  /// Whether nothing of it is published.
  boolean isSilent() {
    return this == FORCE || this == FOLD;
  }

  /// Whether decisions may hold commands and operations.
  boolean takesEffects() {
    return this == LIVE || this == REQUEUE || this == FOLD;
  }

  /// Whether what is dead here may be on record as something else.
  boolean isForced() {
    return this == FORCE || this == FORCE_APPLY;
  }
}
