package dev.slipway.pipeline.replay;

import dev.slipway.pipeline.stage.PastSettler.Past;
import dev.slipway.pipeline.stage.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// Reads ranges of the past, a batch at a time. Used by one thread.
public final class ReplaySource implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  // CONFINED: to the thread that reads
  private final Map<TopicPartition, LogRange> ranges = new HashMap<>();

  public ReplaySource(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /// Reads these ranges from now on.
  public void begin(Map<TopicPartition, LogRange> wanted) {
    ranges.clear();
    ranges.putAll(wanted);
    consumer.assign(wanted.keySet());
    wanted.forEach((partition, range) -> consumer.seek(partition, range.next()));
  }

  /// Whether something is left.
  public boolean hasMore() {
    return !ranges.isEmpty();
  }

  /// What came next; records behind the end of a range are left out.
  public List<Past> poll() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    var polled = new ArrayList<Past>();
    ranges.forEach((partition, range) -> {
      long next = Math.min(consumer.position(partition, PATIENCE), range.end());
      if (next > range.next()) {
        polled.add(
            new Past(
                partition,
                range.topicId(),
                range.next(),
                next,
                records.records(partition).stream()
                    .filter(record -> record.offset() >= range.next() && record.offset() < next)
                    .toList()));
      }
    });
    return polled;
  }

  /// Where the transaction left the positions: goes on from there, also when another process had a
  /// turn.
  public void settled(Map<TopicPartition, Position> after) {
    after.forEach((partition, position) ->
        ranges.computeIfPresent(
            partition, (_, range) -> new LogRange(range.topicId(), position.next(), range.end())));
    ranges.values().removeIf(range -> range.next() >= range.end());
    consumer.assign(ranges.keySet());
    again();
  }

  /// What was polled last was not settled: reads it again.
  public void again() {
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
