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
  record GoOn(Position position) implements PositionCheck {}

  record Rewind(long offset, String reason) implements PositionCheck {}

  record Stop(String reason) implements PositionCheck {}

  /// Compares.
  ///
  /// @param stored null when there is none
  /// @param truncated whether Kafka says that the log was cut before the position, though it may
  ///   have grown beyond it since
  static PositionCheck of(@Nullable Position stored, Log log, boolean truncated) {
    if (stored == null) {
      return new Rewind(log.start(), "first start");
    }
    if (!stored.topicId().equals(log.topicId())) {
      return new Rewind(log.start(), "the topic was made anew");
    }
    if (truncated || stored.next() > log.end()) {
      return new Rewind(log.start(), "the log was truncated");
    }
    if (stored.next() < log.start()) {
      return new Stop(
          "records from offset %d to %d are gone before they were seen"
              .formatted(stored.next(), log.start()));
    }
    return new GoOn(stored);
  }
}
