package dev.slipway.pipeline.live;

import java.util.Optional;

/// Tells services where a client should start to listen after it has read a resource: value of the
/// header `Slipway-Cursor`.
///
/// Take it *before* the read. Up to a second old, which is safe: the client then gets some events
/// that the resource shows already, and drops them by their sequence.
public final class CursorSource {
  private final NotificationsLog log;

  CursorSource(NotificationsLog log) {
    this.log = log;
  }

  /// The end of what the tenant's clients may have seen. Never blocks.
  ///
  /// @return empty as long as Kafka has not answered once
  public Optional<String> current(String tenant) {
    return log.extent()
        .map(extent -> {
          int partition = extent.partitionOf(tenant);
          return Cursor.of(extent.topicId(), partition, extent.range(partition).end(), tenant)
              .text();
        });
  }
}
