package dev.slipway.pr.delivery;

import dev.slipway.pr.pullrequest.PullRequestEvent;
import org.jspecify.annotations.Nullable;

/// What the state is the fold of.
sealed interface DeliveryEvent {
  /// A delivery was judged, for the first time or by a build that judges otherwise. Not published:
  /// the log of record is `github.deliveries` itself.
  ///
  /// @param pullRequest number of the pull request that it changed; null when it changed none
  record Judged(Webhook webhook, Verdict verdict, @Nullable Long pullRequest)
      implements DeliveryEvent {}

  /// Something became known of the repository or its pull requests.
  record Followed(PullRequestEvent event) implements DeliveryEvent {}

  /// What it says of pull requests.
  default @Nullable PullRequestEvent ofPullRequest() {
    return this instanceof Followed(var event) ? event : null;
  }
}
