package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.LogPosition;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What became of a slice.
///
/// @param position where its partition must be read next; null when it has no position any more
/// @param changed states that changed, or would have
/// @param culprit why it was not settled to its end; null when it was, or another owner was faster
/// @param differing copies that say something else than what they repeat
record SliceResult(
    @Nullable Position position,
    Counts counts,
    long changed,
    @Nullable Culprit culprit,
    List<DifferingCopy> differing) {
  SliceResult {
    differing = List.copyOf(differing);
  }

  /// Whether all of it is settled.
  boolean isThrough(Slice<?> slice) {
    return position != null
        && position.topicId().equals(slice.topicId())
        && position.next() == slice.next();
  }

  /// The record at the position cannot be settled.
  record Culprit(long offset, RuntimeException failure) {}

  /// A record that differs from the one of the same identity that counts.
  ///
  /// @param id its `ce_id`
  record DifferingCopy(UUID id, LogPosition position) {
    static DifferingCopy of(ConsumerRecord<?, ?> record, UUID id) {
      return new DifferingCopy(
          id, new LogPosition(record.topic(), record.partition(), record.offset()));
    }
  }
}
