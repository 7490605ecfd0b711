package dev.slipway.locale2b.control;

import java.time.Duration;
import java.time.Instant;

/// How long a sandbox lives. Values; what is done about them is decided elsewhere.
///
/// @param startedAt of its session, which a resume begins anew
/// @param endAt when it is over; of a paused one, when it was paused
/// @param longest that a session may last
record Life(State state, Instant startedAt, Instant endAt, Duration longest) {
  enum State {
    RUNNING,
    PAUSED
  }

  private static final Duration SHORTEST_REFRESH = Duration.ofSeconds(15);

  static Life started(Instant now, Duration timeout, Duration longest) {
    return new Life(State.RUNNING, now, now, longest).timeout(timeout, now);
  }

  /// Over after a time from now: sooner or later than before, and never past the longest session.
  Life timeout(Duration timeout, Instant now) {
    Instant last = startedAt.plus(longest);
    Instant asked = now.plus(timeout.isNegative() ? Duration.ZERO : timeout);
    return new Life(state, startedAt, asked.isAfter(last) ? last : asked, longest);
  }

  /// As [#timeout], but never sooner than before.
  Life extended(Duration timeout, Instant now) {
    Life asked = timeout(timeout, now);
    return asked.endAt.isAfter(endAt) ? asked : this;
  }

  /// Kept alive for a while.
  Life refreshed(Duration duration, Instant now) {
    return extended(duration.compareTo(SHORTEST_REFRESH) < 0 ? SHORTEST_REFRESH : duration, now);
  }

  Life paused(Instant now) {
    return new Life(State.PAUSED, startedAt, now, longest);
  }

  Life resumed(Duration timeout, Instant now) {
    return started(now, timeout, longest);
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  /// Whether its time is over.
  boolean isDue(Instant now) {
    return isRunning() && !now.isBefore(endAt);
  }
}
