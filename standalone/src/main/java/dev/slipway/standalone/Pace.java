package dev.slipway.standalone;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How fast tasks may be asked for, so that their pull requests keep within what GitHub takes in a
/// minute and in an hour.
final class Pace {
  private final List<Window> windows;

  Pace(List<Window> windows) {
    this.windows = List.copyOf(windows);
  }

  /// That of the installation.
  ///
  /// @param budget as `/api/v1/github/budget` has it
  static Pace of(JsonNode budget, Instant now) {
    return new Pace(
        List.of(
            Window.of(budget, "minute", Duration.ofMinutes(1), now),
            Window.of(budget, "hour", Duration.ofHours(1), now)));
  }

  /// So many in a while, whichever while of that length is looked at.
  ///
  /// @param most how many; 0 for as many as there are
  /// @param taken when, of the last while
  record Window(Duration length, int most, Deque<Instant> taken) {
    /// What was used counts from now: nobody says when it was.
    private static Window of(JsonNode budget, String name, Duration length, Instant now) {
      int used = budget.path("used_" + name).asInt(0);
      return new Window(
          length,
          budget.path("per_" + name).asInt(0),
          new ArrayDeque<>(Collections.nCopies(used, now)));
    }

    private Duration untilNext(Instant now) {
      while (!taken.isEmpty() && !taken.getFirst().plus(length).isAfter(now)) {
        taken.removeFirst();
      }
      if (most == 0 || taken.size() < most) {
        return Duration.ZERO;
      }
      Instant free = taken.stream().skip(taken.size() - most).findFirst().orElse(now).plus(length);
      return Duration.between(now, free);
    }
  }

  /// How long it takes until the next may be asked for.
  Duration untilNext(Instant now) {
    return windows.stream()
        .map(window -> window.untilNext(now))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /// One was asked for.
  void took(Instant now) {
    windows.forEach(window -> window.taken().addLast(now));
  }
}
