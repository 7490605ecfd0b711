package dev.slipway.pr.delivery;

/// A fact about one delivery. Not published: the log of record is `github.deliveries` itself.
sealed interface DeliveryEvent {
  /// It was judged, for the first time or by a build that judges otherwise.
  record Judged(Webhook webhook, Verdict verdict) implements DeliveryEvent {}
}
