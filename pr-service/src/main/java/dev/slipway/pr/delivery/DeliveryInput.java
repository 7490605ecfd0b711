package dev.slipway.pr.delivery;

import dev.slipway.pr.pullrequest.PullRequestEvent.Cause;
import dev.slipway.pr.pullrequest.Reading;

/// What the stage can be told.
sealed interface DeliveryInput {
  /// A webhook came in.
  ///
  /// @param cause what follows from it follows from
  /// @param reading what its payload says
  record Received(Webhook webhook, Cause cause, Reading reading) implements DeliveryInput {}

  /// GitHub's API was read.
  record Observed(Cause cause, Reading reading) implements DeliveryInput {}

  /// A webhook went to the dead-letter topic.
  record DeadLettered(Webhook webhook) implements DeliveryInput {}
}
