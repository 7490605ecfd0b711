package dev.slipway.pipeline.stage;

import org.jspecify.annotations.Nullable;

/// How far a partition is read.
///
/// @param topicId the topic that the offset counts in: one that was made anew counts from the
///   beginning
/// @param epoch of the leader that wrote the record before it; null when nobody knows
/// @param next the offset that is read next
public record Position(String topicId, @Nullable Integer epoch, long next) {
  /// One that nothing was read from yet.
  public static Position at(String topicId, long next) {
    return new Position(topicId, null, next);
  }
}
