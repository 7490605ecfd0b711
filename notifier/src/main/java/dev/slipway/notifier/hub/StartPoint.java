package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogExtent.Range;
import dev.slipway.pipeline.live.LogPosition;
import org.jspecify.annotations.Nullable;

/// Where a stream begins.
///
/// | The client's cursor | outcome |
/// |---|---|
/// | none | [Live] |
/// | no text of ours | [Reset] malformed |
/// | another tenant's | [Reset] foreign |
/// | of another topic or partition, beyond the end, or of a later epoch than the leader's | [Doubtful]; [Reset] unknown if it is so still |
/// | below the start | [Reset] expired |
/// | of an earlier epoch than the leader's | [Earlier]: [At] its position if that epoch reaches it, else [Reset] unknown |
/// | else | [At] its position |
sealed interface StartPoint {
  /// With what comes from now on.
  record Live() implements StartPoint {}

  /// With this.
  record At(LogPosition position) implements StartPoint {}

  /// With this, if Kafka says that the log is still the one that the client saw: there was another
  /// leader since, which may not have had all of it.
  record Earlier(LogPosition position, EarlierEpoch epoch) implements StartPoint {}

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
  static StartPoint of(@Nullable String text, String tenant, LogExtent extent, LogPosition read) {
    if (text == null) {
      return new Live();
    }
    return Cursor.parse(text)
        .map(cursor -> of(cursor, tenant, extent, read))
        .orElseGet(() -> new Reset(ResetReason.MALFORMED));
  }

  private static StartPoint of(Cursor cursor, String tenant, LogExtent extent, LogPosition read) {
    if (!cursor.isOf(tenant)) {
      return new Reset(ResetReason.FOREIGN);
    }
    int partition = extent.partitionOf(tenant);
    if (!cursor.topicId().equals(extent.topicId()) || cursor.partition() != partition) {
      return new Doubtful();
    }
    return of(cursor.position(), extent.range(partition), read);
  }

  private static StartPoint of(LogPosition seen, Range range, LogPosition read) {
    int leader = Math.max(range.end().epoch(), read.epoch());
    if (seen.offset() > Math.max(range.end().offset(), read.offset()) || seen.epoch() > leader) {
      return new Doubtful();
    }
    if (seen.offset() < range.start()) {
      return new Reset(ResetReason.EXPIRED);
    }
    return seen.knowsEpoch() && seen.epoch() < leader
        ? new Earlier(seen, new EarlierEpoch(seen.epoch(), leader))
        : new At(seen);
  }
}
