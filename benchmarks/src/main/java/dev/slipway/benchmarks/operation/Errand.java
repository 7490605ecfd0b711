package dev.slipway.benchmarks.operation;

import dev.slipway.pipeline.core.Operation;

/// Something that is asked for and done: the smallest aggregate that has an operation.
///
/// @param done whether its operation has an outcome
record Errand(boolean done) {
  static final Errand NONE = new Errand(false);

  /// What it can be told.
  enum Told {
    ASK,
    DONE
  }

  /// What it is the fold of.
  enum Happened {
    ASKED,
    DONE
  }

  /// The call to the outside, which does nothing.
  record Run() implements Operation {}
}
