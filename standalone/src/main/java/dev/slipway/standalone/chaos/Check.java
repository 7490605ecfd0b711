package dev.slipway.standalone.chaos;

import java.util.List;

/// Something that holds in the end, or does not.
///
/// @param name as the verdict has it
/// @param failures why it does not; none when it does
public record Check(String name, List<String> failures) {
  public Check {
    failures = List.copyOf(failures);
  }

  /// Whether it holds.
  public boolean isPassed() {
    return failures.isEmpty();
  }
}
