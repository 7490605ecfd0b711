package dev.slipway.pipeline.kafka;

import dev.slipway.schemas.Topic;
import java.util.Map;

/// How many partitions an installation gives to the topics that it makes.
@FunctionalInterface
public interface PartitionCounts {
  /// What one processor flushes most of: each partition that a batch goes to is a flush of its own.
  int FLUSHED = 3;

  /// Of a topic that has one by the choice of nobody else.
  int of(Topic topic);

  /// Those of the catalogue.
  static PartitionCounts catalogue() {
    return Topic::partitions;
  }

  /// For one broker, which flushes each record of some topics before it acknowledges it.
  static PartitionCounts oneBroker() {
    return topic -> topic.flushEachRecord() ? FLUSHED : topic.partitions();
  }

  /// The same for each topic.
  static PartitionCounts each(int count) {
    return _ -> count;
  }

  /// Of any topic: one that has a source follows it, and one partition is one everywhere.
  ///
  /// @param existing counts of topics that are there
  default int of(Topic topic, Map<Topic, Integer> existing) {
    if (topic.source().isPresent()) {
      Topic source = topic.source().get();
      Integer count = existing.get(source);
      return count == null ? of(source, existing) : count;
    }
    return topic.partitions() == 1 ? 1 : of(topic);
  }
}
