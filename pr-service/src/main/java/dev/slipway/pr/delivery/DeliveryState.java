package dev.slipway.pr.delivery;

/// State of one delivery.
sealed interface DeliveryState {
  /// Never seen.
  record Absent() implements DeliveryState {}

  /// Seen and judged.
  record Recorded(Webhook webhook, Verdict verdict) implements DeliveryState {}
}
