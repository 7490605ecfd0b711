package dev.slipway.localgithub.git;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a push may not change.
///
/// @param refused references that a protection keeps from being changed so, with the reason
/// @param forwardOnly references that may only be moved forward
/// @param violated references that a ruleset keeps from being changed so, with the reason
/// @param workflows whether files of workflows may be changed
public record PushRules(
    Map<String, String> refused,
    Set<String> forwardOnly,
    Map<String, String> violated,
    boolean workflows) {
  public PushRules {
    refused = Map.copyOf(refused);
    forwardOnly = Set.copyOf(forwardOnly);
    violated = Map.copyOf(violated);
  }

  public PushRules withoutWorkflows() {
    return new PushRules(refused, forwardOnly, violated, false);
  }

  /// Why the API does not change a reference.
  ///
  /// @param forward whether it would be moved forward
  public Optional<String> refusal(String ref, boolean forward) {
    return Optional.ofNullable(refused.get(ref))
        .or(() ->
            Optional.ofNullable(violated.get(ref))
                .map(reason -> "Repository rule violations found\n\n" + reason + "\n\n"))
        .or(() ->
            !forward && forwardOnly.contains(ref)
                ? Optional.of("Cannot force-push to this branch")
                : Optional.empty());
  }

  /// As the script `update` reads it.
  Map<String, String> environment() {
    return Map.of(
        "LOCAL_GITHUB_REFUSED",
        lines(refused),
        "LOCAL_GITHUB_FORWARD_ONLY",
        String.join("\n", forwardOnly),
        "LOCAL_GITHUB_VIOLATED",
        lines(violated),
        "LOCAL_GITHUB_WORKFLOWS",
        Boolean.toString(workflows));
  }

  private static String lines(Map<String, String> reasons) {
    return reasons.entrySet().stream()
        .map(rule -> rule.getKey() + "\t" + rule.getValue())
        .collect(Collectors.joining("\n"));
  }
}
