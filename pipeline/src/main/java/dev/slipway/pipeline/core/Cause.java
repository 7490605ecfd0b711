package dev.slipway.pipeline.core;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an input came from: the door that it came through.
public sealed interface Cause {
  /// What everything that follows derives its ids from.
  UUID id();

  /// When it came in.
  Instant at();

  /// W3C trace context; null when it is not traced.
  @Nullable String traceparent();

  /// A record of a topic.
  ///
  /// @param id its `ce_id`; in a forced replay, an id of its own
  /// @param at its `ce_time`
  /// @param place where it stands
  record Read(UUID id, Instant at, @Nullable String traceparent, LogPosition place)
      implements Cause {}

  /// A request.
  ///
  /// @param id drawn once, and kept with the idempotency key
  record Requested(UUID id, Instant at, @Nullable String traceparent) implements Cause {}

  /// A deadline that is due.
  record Due(UUID id, Instant at) implements Cause {
    @Override
    public @Nullable String traceparent() {
      return null;
    }
  }

  /// The outcome of an operation.
  record Ended(UUID id, Instant at, @Nullable String traceparent) implements Cause {}
}
