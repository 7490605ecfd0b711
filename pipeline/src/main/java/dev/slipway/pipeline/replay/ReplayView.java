package dev.slipway.pipeline.replay;

import dev.slipway.pipeline.stage.Counts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A replay as the API shows it.
///
/// @param state `RUNNING`, `DONE` or `STOPPED`
/// @param reason why it stopped; null else
/// @param counts what became of the records so far; under `force`, applied are those whose decision
///   is not empty
/// @param changed states that changed, or under `force` without `apply` would change
public record ReplayView(
    UUID replayId,
    String stage,
    ReplayMode mode,
    String state,
    @Nullable String reason,
    String requestedBy,
    Instant createdAt,
    @Nullable Instant finishedAt,
    int progressPercent,
    Counts counts,
    long changed,
    List<Range> positions) {

  /// One partition's range.
  record Range(String topic, int partition, long fromOffset, long toOffset, long nextOffset) {
    long length() {
      return toOffset - fromOffset;
    }

    long done() {
      return nextOffset - fromOffset;
    }
  }
}
