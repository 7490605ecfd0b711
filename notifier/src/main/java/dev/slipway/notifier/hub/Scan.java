package dev.slipway.notifier.hub;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.live.LogPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
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

  /// Reads a stretch that a place is in: to what is in memory, or as much as fits. Of the one read
  /// last, nothing is read again: a client that could not take all of it asks for the rest.
  ///
  /// @throws OffsetOutOfRangeException when it is no longer kept, or the log has been cut before it
  /// @throws RetryableException when Kafka or the registry is away
  Stretch read(PartitionFeed feed, LogPosition from) {
    Stretch known = last;
    if (known != null && known.contains(feed, from.offset())) {
      return known;
    }
    TopicPartition partition = assign(feed);
    if (at != from.offset()) {
      consumer.seek(partition, from.forSeek());
    }
    at = -1; // until it went well
    Stretch stretch = read(feed, partition, from);
    at = stretch.next().offset();
    last = stretch;
    return stretch;
  }

  private TopicPartition assign(PartitionFeed feed) {
    TopicPartition partition = new TopicPartition(topic, feed.partition());
    if (!partition.equals(assigned)) {
      consumer.assign(List.of(partition));
      assigned = partition;
      at = -1;
    }
    return partition;
  }

  private Stretch read(PartitionFeed feed, TopicPartition partition, LogPosition from) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<LiveEvent> events = new ArrayList<>();
    long bytes = 0;
    LogPosition next = from;
    while (bytes < maxBytes && next.offset() < feed.floor()) {
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
      LogPosition reached =
          end == null ? LogPosition.at(consumer.position(partition, POLL)) : LogPosition.of(end);
      if (reached.offset() == next.offset() && System.nanoTime() - deadline > 0) {
        throw new RetryableException("no answer about " + partition, Duration.ZERO, null);
      }
      next = LogPosition.later(next, reached);
    }
    return new Stretch(feed, from.offset(), events, next);
  }

  /// Asks how far an earlier epoch reaches.
  ///
  /// @param offset to which a client has seen it
  /// @return the same if it does reach it, else the one up to which it does
  /// @throws RetryableException when Kafka does not answer
  long reach(PartitionFeed feed, EarlierEpoch epoch, long offset) {
    TopicPartition partition = assign(feed);
    at = -1;
    metrics.epochAsked();
    // a consumer that does not know yet who leads would take our word for it
    var _ = consumer.endOffsets(List.of(partition), PATIENCE);
    consumer.seek(partition, new LogPosition(epoch.number(), offset).forSeek());
    try {
      return consumer.position(partition, PATIENCE);
    } catch (LogTruncationException e) {
      if (!e.offsetOutOfRangePartitions().equals(Map.of(partition, offset))) {
        throw new RetryableException("an earlier answer about " + partition, Duration.ZERO, e);
      }
      @Nullable OffsetAndMetadata reached = e.divergentOffsets().get(partition);
      return reached == null ? 0 : reached.offset(); // an epoch that the log never had
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
