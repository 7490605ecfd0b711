package dev.slipway.pipeline.publish;

/// The fate of a turn.
sealed interface Outcome {
  /// All of it is published.
  record Committed() implements Outcome {}

  /// Nothing of it is published: Kafka refuses one of its records for ever, such as one that is too
  /// large.
  ///
  /// @param index which of the turn's records
  record RecordRefused(int index) implements Outcome {}

  /// Nothing of it is published: Kafka refuses one of its notifications for ever.
  ///
  /// @param index which of the turn's notifications
  record NotificationRefused(int index) implements Outcome {}

  /// Nothing of it is published: Kafka takes the records, but no notifications.
  ///
  /// @param cause what it answered, or that it did not
  record NotificationsAway(Exception cause) implements Outcome {}
}
