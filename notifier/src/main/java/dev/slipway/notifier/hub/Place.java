package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogPosition;
import org.jspecify.annotations.Nullable;

/// Where a stream begins in this instance's memory of the log.
///
/// @param position the next to be considered
/// @param reset why the client could not go on from its own cursor; null when it could, or had none
record Place(PartitionFeed feed, LogPosition position, @Nullable ResetReason reset) {
  /// The cursor of a client of `tenant` for which everything below `next` has been considered.
  Cursor cursor(String tenant, LogPosition next) {
    return Cursor.of(feed.topicId(), feed.partition(), next, tenant);
  }
}
