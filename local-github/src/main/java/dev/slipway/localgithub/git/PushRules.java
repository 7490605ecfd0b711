package dev.slipway.localgithub.git;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a push may not change.
///
/// @param refused references that nobody may change, with the reason
/// @param forwardOnly references that may only be moved forward
public record PushRules(Map<String, String> refused, Set<String> forwardOnly) {
  public PushRules {
    refused = Map.copyOf(refused);
    forwardOnly = Set.copyOf(forwardOnly);
  }

  /// As the script `update` reads it.
  Map<String, String> environment() {
    return Map.of(
        "LOCAL_GITHUB_REFUSED",
        refused.entrySet().stream()
            .map(rule -> rule.getKey() + "\t" + rule.getValue())
            .collect(Collectors.joining("\n")),
        "LOCAL_GITHUB_FORWARD_ONLY",
        String.join("\n", forwardOnly));
  }
}
