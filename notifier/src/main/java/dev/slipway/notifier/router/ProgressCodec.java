package dev.slipway.notifier.router;

import dev.slipway.pipeline.kafka.TopicNames;
import dev.slipway.schemas.publisher.Checkpoint;
import dev.slipway.schemas.publisher.RecordsPublished;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Positions as they stand in a checkpoint.
final class ProgressCodec {
  private final TopicNames names;

  ProgressCodec(TopicNames names) {
    this.names = names;
  }

  Checkpoint write(Map<TopicPartition, SourcePosition> positions) {
    return new Checkpoint(
        new RecordsPublished(
            positions.entrySet().stream()
                .map(entry ->
                    new dev.slipway.schemas.publisher.SourcePosition(
                        entry.getKey().topic().substring(names.prefix().length()),
                        entry.getValue().topicId(),
                        entry.getKey().partition(),
                        entry.getValue().next()))
                .toList()));
  }

  Map<TopicPartition, SourcePosition> read(@Nullable Checkpoint checkpoint) {
    var positions = new HashMap<TopicPartition, SourcePosition>();
    if (checkpoint != null && checkpoint.getBody() instanceof RecordsPublished published) {
      for (var position : published.getPositions()) {
        positions.put(
            new TopicPartition(names.prefix() + position.getTopic(), position.getPartition()),
            new SourcePosition(position.getTopicId(), position.getNextOffset()));
      }
    }
    return positions;
  }
}
