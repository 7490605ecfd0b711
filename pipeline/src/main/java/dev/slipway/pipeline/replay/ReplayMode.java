package dev.slipway.pipeline.replay;

/// What a replay does with a record that the inbox knows.
enum ReplayMode {
  /// Nothing: the counts prove that everything is known.
  KNOWN,
  /// Decides it as if unknown, writes nothing, and counts states that would change.
  FORCE,
  /// Decides it as if unknown, and writes.
  FORCE_APPLY
}
