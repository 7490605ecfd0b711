package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.ReplayTask.Range;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// Which offsets a replay covers: pure.
final class ReplayRange {
  private ReplayRange() {}

  /// Cuts what was asked for to what is there and was seen.
  ///
  /// @param starts first offset of each partition that the log holds, or that is as new as asked;
  ///   negative = none is
  /// @param seen how far the stage itself is: what lies behind is not for a replay, the stage will
  ///   come to it
  /// @return without partitions of which nothing is chosen
  static Map<TopicPartition, Range> of(
      ReplayRequest request, Map<TopicPartition, Long> starts, Map<TopicPartition, Stored> seen) {
    var ranges = new HashMap<TopicPartition, Range>();
    seen.forEach((partition, position) -> {
      long start = starts.getOrDefault(partition, -1L);
      long from = request.from() == null ? start : Math.max(start, request.from());
      long end = request.to() == null ? position.next() : Math.min(position.next(), request.to());
      if (start >= 0 && from < end) {
        ranges.put(partition, new Range(position.topicId(), from, end));
      }
    });
    return Map.copyOf(ranges);
  }
}
