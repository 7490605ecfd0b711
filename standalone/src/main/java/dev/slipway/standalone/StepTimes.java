package dev.slipway.standalone;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// How long a task has been in which step.
final class StepTimes {
  private final Map<String, Duration> taken = new LinkedHashMap<>();
  private String step = ""; // CONFINED: to the thread that reads events
  private Instant since = Instant.EPOCH; // CONFINED: likewise

  /// It is in this step now.
  void see(String now, Instant at) {
    if (!step.isEmpty() && at.isAfter(since)) {
      taken.merge(step, Duration.between(since, at), Duration::plus);
    }
    step = now;
    since = at;
  }

  /// How long it was in one.
  Duration in(String name) {
    return taken.getOrDefault(name, Duration.ZERO);
  }

  /// All of them as words: `cloning 0.4 s · running 2.1 s`.
  String text() {
    StringBuilder text = new StringBuilder();
    taken.forEach((name, time) ->
        text.append(text.isEmpty() ? "" : " · ")
            .append(words(name))
            .append(' ')
            .append(seconds(time)));
    return text.toString();
  }

  /// A step or a state as people say it.
  static String words(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// As `1.4 s`.
  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1_000.0);
  }
}
