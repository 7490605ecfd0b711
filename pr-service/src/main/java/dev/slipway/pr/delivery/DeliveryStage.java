package dev.slipway.pr.delivery;

import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.pullrequest.PullRequestCodec;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/// `pr-service.deliveries`: each webhook becomes a row that says what became of it, and what it
/// says of pull requests is joined to what is known of them. The order of deliveries does not
/// matter, so a dead one holds nothing up.
final class DeliveryStage {
  static final String NAME = "pr-service.deliveries";

  private DeliveryStage() {}

  /// @param topic the name that the cluster knows `pull-request.events` by
  static Stage<DeliveryState, DeliveryInput, DeliveryEvent> of(
      Deserializer<Delivery> deliveries, Serializer<PullRequestEvent> events, String topic) {
    return Stage.named(NAME, new DeliveryDecider(), new DeliveryStore())
        .reads(Topics.GITHUB_DELIVERIES, new DeliveryCodec(deliveries))
        .commutative()
        .publishes(
            new PullRequestCodec<>(
                events, topic, DeliveryState::repository, DeliveryEvent::ofPullRequest))
        .tellsOfDeadLetters(input ->
            input instanceof Received(var webhook, _, _)
                ? Optional.of(new DeadLettered(webhook))
                : Optional.empty())
        .deadLetters(Topics.DELIVERIES_DEAD_LETTERS);
  }
}
