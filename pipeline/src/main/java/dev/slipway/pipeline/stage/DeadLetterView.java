package dev.slipway.pipeline.stage;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A record that waits for an operator, or behind one that does. What it says is not shown: it
/// stands at its position.
///
/// @param id its `ce_id`, or what follows from its place in the log when it has none; the
///   dead-letter topic has it as `dlt_id`
/// @param status DEAD; PARKED: it waits behind another; REQUEUED: it is going to be tried again
/// @param type the `ce_type` that it says it has
/// @param tenant whose aggregate it is for; null when nobody knows, as `key`
/// @param cause what is wrong with it
/// @param valueBytes size of its value
public record DeadLetterView(
    UUID id,
    String stage,
    Status status,
    String topic,
    int partition,
    long offset,
    @Nullable String type,
    @Nullable String tenant,
    @Nullable String key,
    String cause,
    int valueBytes,
    Instant notedAt) {

  /// Whether and what it waits for.
  public enum Status {
    DEAD,
    PARKED,
    REQUEUED
  }

  /// With what only one at a time is asked for.
  ///
  /// @param headers as texts; the first of them
  /// @param behind the one that it waits behind; null when it is the first of its lanes
  public record Details(
      UUID id,
      String stage,
      Status status,
      String topic,
      int partition,
      long offset,
      @Nullable String type,
      @Nullable String tenant,
      @Nullable String key,
      String cause,
      int valueBytes,
      Instant notedAt,
      List<LetterHeader> headers,
      @Nullable UUID behind) {
    static Details of(DeadLetterView view, List<LetterHeader> headers, @Nullable UUID behind) {
      return new Details(
          view.id,
          view.stage,
          view.status,
          view.topic,
          view.partition,
          view.offset,
          view.type,
          view.tenant,
          view.key,
          view.cause,
          view.valueBytes,
          view.notedAt,
          headers,
          behind);
    }
  }
}
