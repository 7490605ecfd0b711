package dev.slipway.pr.delivery;

import org.jspecify.annotations.Nullable;

/// What became of a delivery.
///
/// @param reason a stable code; null when the delivery was applied or changed nothing
record Verdict(Outcome outcome, @Nullable String reason) {
  static final Verdict APPLIED = new Verdict(Outcome.APPLIED, null);
  static final Verdict UNCHANGED = new Verdict(Outcome.UNCHANGED, null);

  static Verdict ignored(String reason) {
    return new Verdict(Outcome.IGNORED, reason);
  }

  static Verdict rejected(String reason) {
    return new Verdict(Outcome.REJECTED, reason);
  }

  static Verdict deadLettered(String reason) {
    return new Verdict(Outcome.DEAD_LETTERED, reason);
  }

  /// Whether it is complete and of a kind that Slipway follows, whatever it changed.
  boolean isFollowed() {
    return outcome == Outcome.APPLIED || outcome == Outcome.UNCHANGED;
  }

  /// How a delivery ends.
  enum Outcome {
    /// It changed what is known.
    APPLIED,
    /// It says nothing that was not known.
    UNCHANGED,
    /// Slipway does not follow its kind.
    IGNORED,
    /// It lacks what its kind must have.
    REJECTED,
    /// It could not be worked on; the dead-letter topic holds it with its cause.
    DEAD_LETTERED
  }
}
