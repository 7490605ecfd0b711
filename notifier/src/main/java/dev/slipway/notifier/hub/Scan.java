package dev.slipway.notifier.hub;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads stretches of the past with a consumer of its own. Used by one thread at a time.
final class Scan implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final NotificationCodec codec;
  private final LiveMetrics metrics;
  private final long maxBytes;

  // CONFINED: to the thread that has it now
  private @Nullable TopicPartition assigned;
  private long at = -1;
  private @Nullable Stretch last;

  /// @param maxBytes of the events of a stretch, about
  Scan(
      Consumer<byte[], byte[]> consumer,
      String topic,
      NotificationCodec codec,
      LiveMetrics metrics,
      long maxBytes) {
    this.consumer = consumer;
    this.topic = topic;
    this.codec = codec;
    this.metrics = metrics;
    this.maxBytes = maxBytes;
  }

  /// Reads a stretch that an offset is in: to what is in memory, or as much as fits. Of the one
  /// read last, nothing is read again: a client that could not take all of it asks for the rest.
  ///
  /// @throws OffsetOutOfRangeException when the offset is no longer kept
  /// @throws RetryableException when Kafka or the registry is away
  Stretch read(PartitionFeed feed, long from) {
    Stretch known = last;
    if (known != null && known.contains(feed, from)) {
      return known;
    }
    TopicPartition partition = new TopicPartition(topic, feed.partition());
    if (!partition.equals(assigned)) {
      consumer.assign(List.of(partition));
      assigned = partition;
      at = -1;
    }
    if (at != from) {
      consumer.seek(partition, from);
    }
    at = -1; // until it went well
    Stretch stretch = read(feed, partition, from);
    at = stretch.next();
    last = stretch;
    return stretch;
  }

  private Stretch read(PartitionFeed feed, TopicPartition partition, long from) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<LiveEvent> events = new ArrayList<>();
    long bytes = 0;
    long next = from;
    while (bytes < maxBytes && next < feed.floor()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        try {
          LiveEvent event = codec.decode(record, feed.topicId());
          events.add(event);
          bytes += event.sizeBytes();
        } catch (PermanentException _) {
          metrics.unreadable();
        }
      }
      metrics.scanned(records.count());
      @Nullable OffsetAndMetadata end = records.nextOffsets().get(partition);
      long reached = end == null ? consumer.position(partition, POLL) : end.offset();
      if (reached == next && System.nanoTime() - deadline > 0) {
        throw new RetryableException("no answer about " + partition, Duration.ZERO, null);
      }
      next = reached;
    }
    return new Stretch(feed, from, events, next);
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
