package dev.slipway.localgithub;

import dev.slipway.localgithub.check.CheckRuns;
import dev.slipway.localgithub.check.Statuses;
import dev.slipway.localgithub.pull.Merging.MergeRule;
import dev.slipway.localgithub.pull.PullRequest;
import dev.slipway.localgithub.repository.Protections;
import dev.slipway.localgithub.repository.Protections.Demands;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.review.Reviews;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a protected base asks of a pull request: approvals, and checks of its head.
record BranchRule(Protections protections, Reviews reviews, Statuses statuses, CheckRuns runs)
    implements MergeRule {
  @Override
  public Optional<String> refusal(Repository repository, PullRequest pull) {
    return protections
        .demands(repository.id(), pull.base().ref())
        .flatMap(demands -> refusal(repository, pull, demands));
  }

  private Optional<String> refusal(Repository repository, PullRequest pull, Demands demands) {
    if (demands.refusal().isPresent()) {
      return demands.refusal();
    }
    Optional<String> reviewed =
        demands.approvals() == 0
            ? Optional.empty()
            : reviews.refusal(repository, pull, demands.approvals());
    return reviewed.or(() -> unchecked(repository, pull, demands.checks()));
  }

  private Optional<String> unchecked(Repository repository, PullRequest pull, List<String> wanted) {
    Map<String, String> states = statuses.states(repository, pull.head().sha());
    Map<String, Boolean> outcomes = runs.outcomes(repository, pull.head().sha());
    List<String> missing =
        wanted.stream()
            .filter(
                context -> !outcomes.getOrDefault(context, "success".equals(states.get(context))))
            .toList();
    return switch (missing.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("Required status check \"" + missing.getFirst() + "\" is expected.");
      default ->
          Optional.of(
              "%d of %d required status checks are expected."
                  .formatted(missing.size(), wanted.size()));
    };
  }
}
