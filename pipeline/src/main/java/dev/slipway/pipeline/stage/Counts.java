package dev.slipway.pipeline.stage;

/// What became of records: each that was seen counts once more under exactly one of the others.
///
/// @param seen all of them
/// @param applied decided for the first time
/// @param known their id was in the inbox
/// @param foreign of a `ce_type` this build does not know
/// @param unrouted about nobody: a replay can still apply them
/// @param rejected decided for the first time: they cannot be
/// @param dead on the dead-letter topic
/// @param parked waiting behind a dead one of their key
public record Counts(
    long seen,
    long applied,
    long known,
    long foreign,
    long unrouted,
    long rejected,
    long dead,
    long parked) {
  /// Nothing seen.
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

  static final Counts APPLIED = new Counts(1, 1, 0, 0, 0, 0, 0, 0);
  static final Counts KNOWN = new Counts(1, 0, 1, 0, 0, 0, 0, 0);
  static final Counts FOREIGN = new Counts(1, 0, 0, 1, 0, 0, 0, 0);
  static final Counts UNROUTED = new Counts(1, 0, 0, 0, 1, 0, 0, 0);
  static final Counts REJECTED = new Counts(1, 0, 0, 0, 0, 1, 0, 0);
  static final Counts DEAD = new Counts(1, 0, 0, 0, 0, 0, 1, 0);
  static final Counts PARKED = new Counts(1, 0, 0, 0, 0, 0, 0, 1);

  /// Both together.
  public Counts plus(Counts other) {
    return new Counts(
        seen + other.seen,
        applied + other.applied,
        known + other.known,
        foreign + other.foreign,
        unrouted + other.unrouted,
        rejected + other.rejected,
        dead + other.dead,
        parked + other.parked);
  }
}
