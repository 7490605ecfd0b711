package dev.slipway.pr.reading;

import dev.slipway.pr.observation.Observation;
import java.time.Instant;

/// What the reading of a pull request is told.
sealed interface ReadingInput {
  /// It is ambiguous.
  ///
  /// @param at when that was seen
  record Ambiguous(ReadPullRequest wanted, Instant at) implements ReadingInput {}

  /// It was read.
  record WasRead(Observation observation) implements ReadingInput {}

  /// It cannot be read.
  ///
  /// @param at when that was known
  record NotRead(Instant at) implements ReadingInput {}
}
