package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogExtent.Range;
import dev.slipway.pipeline.live.LogPosition;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/// The log as this instance has it: one feed for each partition. When the topic is deleted and made
/// again, or loses its end, all of it is replaced.
record Feeds(UUID topicId, List<PartitionFeed> partitions) {
  Feeds {
    partitions = List.copyOf(partitions);
  }

  /// Feeds that begin a little before the end of the log.
  ///
  /// @param warmUp how many records before the end of each partition
  static Feeds before(LogExtent extent, int warmUp) {
    return new Feeds(
        extent.topicId(),
        IntStream.range(0, extent.partitions().size())
            .mapToObj(number -> {
              Range range = extent.range(number);
              long start = Math.max(range.start(), range.end().offset() - warmUp);
              LogPosition position = new LogPosition(range.end().epoch(), start);
              return new PartitionFeed(extent.topicId(), number, position);
            })
            .toList());
  }
}
