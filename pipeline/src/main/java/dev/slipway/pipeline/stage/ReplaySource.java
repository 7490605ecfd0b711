package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.stage.Batch.Span;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.ReplayTask.Range;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// The second consumer of a stage: reads ranges of the past, a batch at a time. Used by the stage's
/// thread.
final class ReplaySource implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  // CONFINED: to the stage's thread
  private final Map<TopicPartition, Range> ranges = new HashMap<>();

  ReplaySource(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /// Reads these ranges from now on.
  void begin(Map<TopicPartition, Range> wanted) {
    ranges.clear();
    ranges.putAll(wanted);
    consumer.assign(wanted.keySet());
    wanted.forEach((partition, range) -> consumer.seek(partition, range.next()));
  }

  /// Whether something is left.
  boolean hasMore() {
    return !ranges.isEmpty();
  }

  /// What came next; records behind the end of a range are left out.
  Polled poll() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    var spans = new HashMap<TopicPartition, Span>();
    ranges.forEach((partition, range) -> {
      long next = Math.min(consumer.position(partition, PATIENCE), range.end());
      if (next > range.next()) {
        spans.put(partition, new Span(range.topicId(), range.next(), next));
      }
    });
    return new Polled(spans, records);
  }

  /// Where the transaction left the positions: goes on from there, also when another process had a
  /// turn.
  void settled(Map<TopicPartition, Stored> after) {
    after.forEach((partition, position) ->
        ranges.computeIfPresent(
            partition, (_, range) -> new Range(range.topicId(), position.next(), range.end())));
    ranges.values().removeIf(range -> range.next() >= range.end());
    consumer.assign(ranges.keySet());
    again();
  }

  /// What was polled last was not settled: reads it again.
  void again() {
    ranges.forEach((partition, range) -> {
      if (consumer.position(partition, PATIENCE) != range.next()) {
        consumer.seek(partition, range.next());
      }
    });
  }

  /// Reads nothing any more.
  void end() {
    ranges.clear();
    consumer.unsubscribe();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(PATIENCE));
  }
}
