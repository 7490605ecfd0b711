package dev.slipway.sandbox.command;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.sandbox.command.OutputCodec.Seen;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Utils;

/// Reads output back from its topic.
final class OutputLog implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long FIRST_WINDOW = 1_000;
  private static final long WIDER = 8;

  private final OutputCodec codec;
  private final LogReader logs;
  private final LentConsumers consumers;

  // the topic never gets another number of them
  private volatile int partitions;

  OutputLog(KafkaClients clients, OutputCodec codec) {
    this.codec = codec;
    this.consumers = new LentConsumers(clients);
    this.logs = new LogReader(clients.admin("output-log"));
  }

  /// Where a sandbox's output goes and what is there: none of a new command's, before it begins.
  ///
  /// @throws RetryableException when Kafka does not answer
  Published beginning(String publisher, String sandbox) {
    byte[] key = sandbox.getBytes(StandardCharsets.UTF_8);
    int partition = Utils.toPositive(Utils.murmur2(key)) % partitions();
    long end = end(new TopicPartition(codec.topic(), partition));
    return new Published(publisher, partition, end, end, 0, 0, 0, false, false);
  }

  private int partitions() {
    int known = partitions;
    if (known == 0) {
      known = logs.partitions(codec.topic()).size();
      partitions = known;
    }
    return known;
  }

  /// How far a command's output is published by now. Call it after fencing: before, more may come.
  ///
  /// @param known what is known of it
  /// @throws RetryableException when Kafka does not answer
  Published read(UUID operation, Published known) {
    // Not what a committed reader sees already: a transaction of somebody else's may stand before
    // our parts, until it ends.
    long end = end(new TopicPartition(codec.topic(), known.partition()));
    var now = new AtomicReference<>(known);
    each(
        known.partition(),
        known.at(),
        end,
        seen -> {
          now.set(counted(now.get(), operation, seen));
        });
    return now.get().at(end);
  }

  /// The last of a command's output, of all that is published of it.
  ///
  /// @throws RetryableException when Kafka does not answer
  Tail tail(UUID operation, Published published) {
    // others' output stands there too: as much of it as there was since the command began
    for (long window = FIRST_WINDOW; ; window *= WIDER) {
      var tail = new Tail();
      long from = Math.max(published.from(), published.at() - window);
      each(
          published.partition(),
          from,
          published.at(),
          seen -> {
            if (seen instanceof Seen.Part part && part.operation().equals(operation)) {
              tail.add(part.channel(), bytes(part));
            }
          });
      if (from == published.from() || tail.isFull()) {
        return tail;
      }
    }
  }

  private static byte[] bytes(Seen.Part part) {
    byte[] bytes = new byte[part.bytes().remaining()];
    var _ = part.bytes().duplicate().get(bytes);
    return bytes;
  }

  /// Shows what stands in a partition from an offset on, up to the one before another.
  private void each(int partition, long from, long to, Consumer<Seen> seen) {
    LentConsumers.Lent lent = consumers.lend();
    boolean isSound = false;
    try {
      each(lent.consumer(), new TopicPartition(codec.topic(), partition), from, to, seen);
      isSound = true;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw away(e);
    } finally {
      lent.end(isSound);
    }
  }

  private void each(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      Consumer<Seen> seen) {
    consumer.assign(List.of(partition));
    long start =
        consumer.beginningOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
    consumer.seek(partition, Math.max(start, from));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition, PATIENCE) < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to) {
          seen.accept(codec.decode(record));
        }
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new RetryableException("Kafka does not answer", Duration.ZERO, null);
      }
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
    LentConsumers.Lent lent = consumers.lend();
    try {
      return new OutputReader(
          lent,
          new TopicPartition(codec.topic(), published.partition()),
          codec,
          operation,
          channel,
          from,
          offset);
    } catch (KafkaException e) {
      lent.end(false);
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

  private long end(TopicPartition partition) {
    return logs.offsets(List.of(partition), OffsetSpec.latest()).getOrDefault(partition, 0L);
  }

  private static RetryableException away(KafkaException cause) {
    return new RetryableException(
        "Kafka does not answer about output: check that brokers run and that `slipway topics apply`"
            + " was run",
        Duration.ZERO,
        cause);
  }

  @Override
  public void close() {
    consumers.close();
    logs.close();
  }
}
