package dev.slipway.sandbox.command;

import dev.slipway.sandbox.command.OutputCodec.Seen;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Reads one stream of one command's output from its topic, from an offset in the stream on. Used
/// by one thread at a time.
final class OutputReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  private final LentConsumers.Lent lent;
  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final OutputCodec codec;
  private final UUID operation;
  private final Channel channel;
  private final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();

  // CONFINED: to the thread that reads, as all that follow
  private long offset;
  private long topicOffset;
  private boolean ended;
  private boolean hasFailed;

  /// @param from offset in the topic behind which there is all that is wanted
  /// @param offset of the first byte that is wanted
  OutputReader(
      LentConsumers.Lent lent,
      TopicPartition partition,
      OutputCodec codec,
      UUID operation,
      Channel channel,
      long from,
      long offset) {
    this.lent = lent;
    this.consumer = lent.consumer();
    this.partition = partition;
    this.codec = codec;
    this.operation = operation;
    this.channel = channel;
    this.offset = offset;
    consumer.assign(List.of(partition));
    long start = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    this.topicOffset = Math.max(start, from);
    consumer.seek(partition, topicOffset);
  }

  /// The next bytes.
  ///
  /// @param deadlineNanos by the clock of [System#nanoTime]; what is there already is looked at in
  ///   any case
  /// @return empty when there are none yet, or none any more
  byte[] next(long deadlineNanos) {
    try {
      return read(deadlineNanos);
    } catch (RuntimeException e) {
      hasFailed = true;
      throw e;
    }
  }

  private byte[] read(long deadlineNanos) {
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (!ended) {
      while (!read.isEmpty()) {
        ConsumerRecord<byte[], byte[]> record = read.poll();
        byte[] bytes = bytes(record);
        topicOffset = record.offset() + 1;
        if (bytes.length > 0 || ended) {
          return bytes;
        }
      }
      boolean isThrough = consumer.position(partition) >= end;
      long left = deadlineNanos - System.nanoTime();
      if (isThrough && left <= 0) {
        return new byte[0];
      }
      Duration patience = Duration.ofNanos(Math.max(1_000_000, left));
      consumer.poll(isThrough && patience.compareTo(POLL) < 0 ? patience : POLL).forEach(read::add);
    }
    return new byte[0];
  }

  private byte[] bytes(ConsumerRecord<byte[], byte[]> record) {
    switch (codec.decode(record)) {
      case Seen.Part part
          when part.operation().equals(operation)
              && part.channel() == channel
              && part.end() > offset -> {
        int skip = (int) Math.max(0, offset - part.offset());
        byte[] bytes = new byte[part.bytes().remaining() - skip];
        part.bytes().duplicate().position(part.bytes().position() + skip).get(bytes);
        offset = part.end();
        return bytes;
      }
      case Seen.End end when end.operation().equals(operation) -> ended = true;
      case Seen.Part _, Seen.End _, Seen.Other _ -> {}
    }
    return new byte[0];
  }

  /// Offset of the byte that comes next.
  long offset() {
    return offset;
  }

  /// Where in the topic to go on.
  long topicOffset() {
    return topicOffset;
  }

  /// Whether the end was read.
  boolean hasEnded() {
    return ended;
  }

  @Override
  public void close() {
    lent.end(!hasFailed);
  }
}
