package dev.slipway.pr.reading;

import java.time.Instant;

/// What a reading's state is the fold of; none of it is published.
sealed interface ReadingEvent {
  /// It was asked for.
  ///
  /// @param attempt how often by now without being told of anything else in between
  record Asked(int attempt) implements ReadingEvent {}

  /// It ended, whatever came of it.
  record Ended(Instant at) implements ReadingEvent {}
}
