package dev.slipway.pipeline.replay;

import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.stage.Position;
import dev.slipway.pipeline.stage.StagePositions;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Topic;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Which offsets a replay covers.
final class ReplayRange {
  private ReplayRange() {}

  /// Asks the log and the stage; blocks.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when Kafka or the database is away
  static Map<TopicPartition, LogRange> of(StageRunner<?, ?, ?> stage, ReplayRequest request) {
    var starts = new HashMap<TopicPartition, Long>();
    try (var logs = new LogReader(stage.clients().admin(stage.name() + "-replay-range"))) {
      for (Topic topic : stage.stage().topics()) {
        List<TopicPartition> partitions = logs.partitions(stage.clients().topicNames().of(topic));
        starts.putAll(logs.offsets(partitions, start(request.since())));
      }
    }
    Map<TopicPartition, Position> seen =
        stage
            .database()
            .inStage(transaction ->
                new StagePositions(StagePositions.stageId(transaction, stage.name()))
                    .read(transaction, starts.keySet()));
    return of(request, starts, seen);
  }

  /// Times before 1970 stand for something else in Kafka's protocol, and no record has one.
  private static OffsetSpec start(@Nullable Instant since) {
    return since == null || since.isBefore(Instant.EPOCH)
        ? OffsetSpec.earliest()
        : OffsetSpec.forTimestamp(since.toEpochMilli());
  }

  /// Cuts what was asked for to what is there and was seen.
  ///
  /// @param starts first offset of each partition that the log holds, or that is as new as asked;
  ///   negative = none is
  /// @param seen how far the stage itself is: what lies behind is not for a replay, the stage will
  ///   come to it
  /// @return without partitions of which nothing is chosen
  static Map<TopicPartition, LogRange> of(
      ReplayRequest request, Map<TopicPartition, Long> starts, Map<TopicPartition, Position> seen) {
    var ranges = new HashMap<TopicPartition, LogRange>();
    seen.forEach((partition, position) -> {
      long start = starts.getOrDefault(partition, -1L);
      long from = request.from() == null ? start : Math.max(start, request.from());
      long end = request.to() == null ? position.next() : Math.min(position.next(), request.to());
      if (start >= 0 && from < end) {
        ranges.put(partition, new LogRange(position.topicId(), from, end));
      }
    });
    return Map.copyOf(ranges);
  }
}
