package dev.slipway.pipeline.live;

import java.util.List;
import java.util.UUID;

/// From where to where the log of notifications reached at a moment.
///
/// @param topicId of the topic; one that was deleted and made again has another
/// @param partitions by number
/// @param askedNanos [System#nanoTime] before Kafka was asked: what was there then is counted
public record LogExtent(UUID topicId, List<Range> partitions, long askedNanos) {
  public LogExtent {
    partitions = List.copyOf(partitions);
  }

  /// One partition.
  ///
  /// @param start the first offset that is still kept
  /// @param end the first offset that a read-committed reader does not see yet, under the epoch of
  ///   the leader that said so
  public record Range(long start, LogPosition end) {}

  /// The partition that holds a tenant.
  public int partitionOf(String tenant) {
    return TenantPartition.of(tenant, partitions.size());
  }

  public Range range(int partition) {
    return partitions.get(partition);
  }
}
