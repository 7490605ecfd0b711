package dev.slipway.pr.reading;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far the reading of a pull request is.
///
/// @param attempt how often it was asked for in a row
/// @param endedAt when the last one ended; null while one is under way, and before the first
record ReadingState(int attempt, @Nullable Instant endedAt) {
  static final ReadingState NONE = new ReadingState(0, null);

  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 9;

  boolean underWay() {
    return attempt > 0 && endedAt == null;
  }

  /// From when on it is asked for again if it is ambiguous still; null while it is under way. What
  /// was read needs a moment to be applied, and what does not help is tried ever more rarely.
  @Nullable Instant dueAt() {
    return endedAt == null ? null : endedAt.plus(pause());
  }

  /// Which attempt one at this time is: after a long silence it is about something new.
  int nextAttempt(Instant at) {
    return endedAt != null && at.isAfter(endedAt.plus(pause().multipliedBy(2))) ? 1 : attempt + 1;
  }

  private Duration pause() {
    Duration doubled = SHORTEST.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
    return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
  }
}
