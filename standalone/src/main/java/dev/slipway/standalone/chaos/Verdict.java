package dev.slipway.standalone.chaos;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What came of it.
///
/// @param counts of what happened, by what people call it, in order
/// @param checks all that were made
public record Verdict(Map<String, String> counts, List<Check> checks) {
  public Verdict {
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    checks = List.copyOf(checks);
  }

  /// Whether every check passed.
  public boolean isPass() {
    return checks.stream().allMatch(Check::isPassed);
  }

  /// `PASS`, or `FAIL` with the checks that failed.
  public String line() {
    return isPass()
        ? "PASS"
        : checks.stream()
            .filter(check -> !check.isPassed())
            .map(Check::name)
            .collect(joining(", ", "FAIL ", ""));
  }
}
