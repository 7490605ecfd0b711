package dev.slipway.sandbox.command;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.sandbox.command.OutputCodec.Seen;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Utils;

/// Reads output back from its topic.
final class OutputLog {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int FETCH_WAIT_MILLIS = 50;

  private final KafkaClients clients;
  private final OutputCodec codec;

  OutputLog(KafkaClients clients, OutputCodec codec) {
    this.clients = clients;
    this.codec = codec;
  }

  /// Where a sandbox's output goes and what is there: none of a new command's, before it begins.
  ///
  /// @throws RetryableException when Kafka does not answer
  Published beginning(String publisher, String sandbox) {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      int partitions = consumer.partitionsFor(codec.topic(), PATIENCE).size();
      byte[] key = sandbox.getBytes(StandardCharsets.UTF_8);
      int partition = Utils.toPositive(Utils.murmur2(key)) % partitions;
      long end = end(consumer, new TopicPartition(codec.topic(), partition));
      return new Published(publisher, partition, end, end, 0, 0, 0, false, false);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw away(e);
    }
  }

  /// How far a command's output is published by now. Call it after fencing: before, more may come.
  ///
  /// @param known what is known of it
  /// @throws RetryableException when Kafka does not answer
  Published read(UUID operation, Published known) {
    var partition = new TopicPartition(codec.topic(), known.partition());
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      consumer.assign(List.of(partition));
      long start =
          consumer.beginningOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
      // Not what a committed reader sees already: a transaction of somebody else's may stand before
      // our parts, until it ends.
      long end = highWatermark(partition);
      consumer.seek(partition, Math.max(start, known.at()));
      Published now = known;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition, PATIENCE) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          now = counted(now, operation, codec.decode(record));
          deadline = System.nanoTime() + PATIENCE.toNanos();
        }
        if (System.nanoTime() - deadline > 0) {
          throw new RetryableException("Kafka does not answer", Duration.ZERO, null);
        }
      }
      return now.at(end);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw away(e);
    }
  }

  /// Reads one stream of a command's output; the caller closes it.
  ///
  /// @param published what is known of it
  /// @param offset of the first byte that is wanted
  /// @throws RetryableException when Kafka does not answer
  OutputReader reader(UUID operation, Published published, Channel channel, long offset) {
    // what the note has counted stands before it
    long from = offset >= published.of(channel) ? published.at() : published.from();
    Consumer<byte[], byte[]> consumer = consumer();
    try {
      return new OutputReader(
          consumer,
          new TopicPartition(codec.topic(), published.partition()),
          codec,
          operation,
          channel,
          from,
          offset);
    } catch (KafkaException e) {
      consumer.close();
      throw e instanceof InterruptException ? e : away(e);
    }
  }

  private static Published counted(Published known, UUID operation, Seen seen) {
    return switch (seen) {
      case Seen.Part part when part.operation().equals(operation) ->
          known.plus(part.channel(), part.end(), part.sequence());
      case Seen.End end when end.operation().equals(operation) ->
          known.plusEnd(known.sequence() + 1);
      case Seen.Part _, Seen.End _, Seen.Other _ -> known;
    };
  }

  private long highWatermark(TopicPartition partition) {
    try (var logs = new LogReader(clients.admin("output-log"))) {
      return logs.offsets(List.of(partition), OffsetSpec.latest()).getOrDefault(partition, 0L);
    }
  }

  private static long end(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    return consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
  }

  private Consumer<byte[], byte[]> consumer() {
    Map<String, Object> settings = clients.consumer("output-log");
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
    return clients.newConsumer(settings);
  }

  private static RetryableException away(KafkaException cause) {
    return new RetryableException(
        "Kafka does not answer about output: check that brokers run and that `slipway topics apply`"
            + " was run",
        Duration.ZERO,
        cause);
  }
}
