package dev.slipway.notifier.router;

import dev.slipway.pipeline.kafka.LogReader.Log;
import org.jspecify.annotations.Nullable;

/// How far a partition of a source has been published, and where to go on: pure.
///
/// | topic | where to go on |
/// |---|---|
/// | no position stored | the log's start |
/// | another topic id: it was made anew | the log's start: what was published is gone from it |
/// | log starts after the position: records are gone that were never published | the log's start, and how many are lost |
/// | log ends before the position: truncated | the log's end: what is left was published |
/// | else | the position |
///
/// Nothing stops it, unlike a stage: what is lost here is lost to those who watch, and to no state.
///
/// @param topicId Kafka's id of the topic
/// @param next offset of the first record not published yet
record SourcePosition(String topicId, long next) {

  /// Where to go on.
  ///
  /// @param lost how many records were never published and are gone
  /// @param cut whether records that were published are gone
  record Placement(SourcePosition position, long lost, boolean cut) {}

  static Placement place(@Nullable SourcePosition stored, Log log) {
    if (stored == null || !stored.topicId().equals(log.topicId())) {
      return new Placement(new SourcePosition(log.topicId(), log.start()), 0, stored != null);
    }
    if (stored.next() < log.start()) {
      return new Placement(
          new SourcePosition(log.topicId(), log.start()), log.start() - stored.next(), false);
    }
    if (stored.next() > log.end()) {
      return new Placement(new SourcePosition(log.topicId(), log.end()), 0, true);
    }
    return new Placement(stored, 0, false);
  }
}
