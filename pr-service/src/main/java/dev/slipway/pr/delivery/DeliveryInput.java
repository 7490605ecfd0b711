package dev.slipway.pr.delivery;

/// What a stage can be told about a delivery.
sealed interface DeliveryInput {
  Webhook webhook();

  /// It came in.
  record Received(Webhook webhook) implements DeliveryInput {}

  /// It went to the dead-letter topic.
  record DeadLettered(Webhook webhook) implements DeliveryInput {}
}
