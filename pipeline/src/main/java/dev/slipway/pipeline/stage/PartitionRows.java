package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.Positions.Advance;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;

/// Binds partitions and their steps as arrays, one statement for all, and reads partitions back.
final class PartitionRows {
  private PartitionRows() {}

  /// Binds `$2` topics and `$3` partitions.
  static GenericExecuteSpec bind(
      GenericExecuteSpec statement, Collection<TopicPartition> partitions) {
    return statement.bind(1, topics(partitions)).bind(2, numbers(partitions));
  }

  /// A statement that writes steps.
  ///
  /// @param sql its `$1` is the owner, `$2` topics, `$3` partitions, `$4` next offsets, then the
  ///   counts in the order of [Counts], then how many states changed
  static Write write(String sql, Object owner, Map<TopicPartition, Advance> advances) {
    List<TopicPartition> partitions = List.copyOf(advances.keySet());
    List<Advance> steps = partitions.stream().map(advances::get).toList();
    return Write.of(
        sql,
        owner,
        topics(partitions),
        numbers(partitions),
        longs(steps, Advance::next),
        longs(steps, step -> step.counts().seen()),
        longs(steps, step -> step.counts().applied()),
        longs(steps, step -> step.counts().known()),
        longs(steps, step -> step.counts().foreign()),
        longs(steps, step -> step.counts().rejected()),
        longs(steps, step -> step.counts().dead()),
        longs(steps, step -> step.counts().parked()),
        longs(steps, Advance::changed));
  }

  private static String[] topics(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::topic).toArray(String[]::new);
  }

  private static Integer[] numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).toArray(Integer[]::new);
  }

  private static Long[] longs(List<Advance> steps, ToLongFunction<Advance> field) {
    return steps.stream().mapToLong(field).boxed().toArray(Long[]::new);
  }

  static TopicPartition partition(Readable row) {
    return new TopicPartition(
        Columns.required(row, "topic", String.class),
        Columns.required(row, "partition", Integer.class));
  }

  static Map.Entry<TopicPartition, Stored> position(Readable row) {
    return Map.entry(
        partition(row),
        new Stored(
            Columns.required(row, "topic_id", String.class),
            Columns.required(row, "next_offset", Long.class)));
  }

  static Counts counts(Readable row) {
    return new Counts(
        Columns.required(row, "seen", Long.class),
        Columns.required(row, "applied", Long.class),
        Columns.required(row, "known", Long.class),
        Columns.required(row, "foreign_type", Long.class),
        Columns.required(row, "rejected", Long.class),
        Columns.required(row, "dead", Long.class),
        Columns.required(row, "parked", Long.class));
  }
}
