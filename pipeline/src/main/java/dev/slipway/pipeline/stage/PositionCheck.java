package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.kafka.LogReader.Log;
import org.jspecify.annotations.Nullable;

/// Whether a stored position still means what it meant: pure.
///
/// | topic | answer |
/// |---|---|
/// | no position stored | start at the log's start |
/// | another topic id: it was deleted and made again | rewind to the log's start, the inbox absorbs what is known |
/// | log ends before the position: truncated | rewind to the log's start |
/// | log starts after the position: records are gone that were never seen | stop, never skip |
/// | else | go on at the position |
sealed interface PositionCheck {
  record GoOn(long offset) implements PositionCheck {}

  record Rewind(long offset, String reason) implements PositionCheck {}

  record Stop(String reason) implements PositionCheck {}

  /// Compares.
  ///
  /// @param stored null when there is none
  static PositionCheck of(@Nullable Stored stored, Log log) {
    if (stored == null) {
      return new Rewind(log.start(), "first start");
    }
    if (!stored.topicId().equals(log.topicId())) {
      return new Rewind(log.start(), "the topic was made anew");
    }
    if (stored.next() > log.end()) {
      return new Rewind(log.start(), "the log was truncated");
    }
    if (stored.next() < log.start()) {
      return new Stop(
          "records from offset %d to %d are gone before they were seen"
              .formatted(stored.next(), log.start()));
    }
    return new GoOn(stored.next());
  }

  /// A position as stored.
  record Stored(String topicId, long next) {}
}
