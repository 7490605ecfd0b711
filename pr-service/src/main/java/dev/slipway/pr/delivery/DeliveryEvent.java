package dev.slipway.pr.delivery;

import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.pullrequest.PullRequestEvent;

/// What the state is the fold of.
sealed interface DeliveryEvent {
  /// A delivery was judged, for the first time or by a build that judges otherwise. Not published:
  /// the log of record is `github.deliveries` itself.
  record Judged(Recorded recorded) implements DeliveryEvent {}

  /// Something became known of the repository or its pull requests.
  record Followed(PullRequestEvent event) implements DeliveryEvent {}
}
