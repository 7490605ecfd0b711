package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogExtent.Range;
import org.jspecify.annotations.Nullable;

/// Where a stream begins.
///
/// | The client's cursor | outcome |
/// |---|---|
/// | none | [Live] |
/// | no text of ours | [Reset] malformed |
/// | another tenant's | [Reset] foreign |
/// | of another topic or partition, or beyond the end | [Doubtful]; [Reset] unknown if it is so still |
/// | below the start | [Reset] expired |
/// | else | [At] its offset |
sealed interface StartPoint {
  /// With what comes from now on.
  record Live() implements StartPoint {}

  /// With this offset.
  record At(long offset) implements StartPoint {}

  /// With what comes from now on, after the client has been told why.
  record Reset(ResetReason reason) implements StartPoint {}

  /// The client may know the log better than we do: what we know may be a moment old, and it comes
  /// from an instance that is ahead of us. Ask again when Kafka has been asked again.
  record Doubtful() implements StartPoint {}

  /// Judges a cursor by what is known of the log.
  ///
  /// @param text as the client sent it; null when it sent none
  /// @param read up to where this instance has read the tenant's partition, which may be further
  ///   than what Kafka said of the log a moment ago
  static StartPoint of(@Nullable String text, String tenant, LogExtent extent, long read) {
    if (text == null) {
      return new Live();
    }
    return Cursor.parse(text)
        .map(cursor -> of(cursor, tenant, extent, read))
        .orElseGet(() -> new Reset(ResetReason.MALFORMED));
  }

  private static StartPoint of(Cursor cursor, String tenant, LogExtent extent, long read) {
    if (!cursor.isOf(tenant)) {
      return new Reset(ResetReason.FOREIGN);
    }
    int partition = extent.partitionOf(tenant);
    if (!cursor.topicId().equals(extent.topicId()) || cursor.partition() != partition) {
      return new Doubtful();
    }
    Range range = extent.range(partition);
    if (cursor.offset() > Math.max(range.end(), read)) {
      return new Doubtful();
    }
    return cursor.offset() < range.start()
        ? new Reset(ResetReason.EXPIRED)
        : new At(cursor.offset());
  }
}
