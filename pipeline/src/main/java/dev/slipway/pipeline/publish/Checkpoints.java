package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.publisher.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// The checkpoints of one transactional id in their topic.
final class Checkpoints implements AutoCloseable {
  /// All of them are in this one.
  static final int PARTITION = 0;

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);

  // The newest is nearly always the last record but one: a marker follows it.
  private static final long FIRST_LOOK = 16;
  private static final long WIDER = 16;

  private final Map<String, Object> consumerSettings;
  private final TopicPartition partition;
  private final byte[] key;
  private final AvroSerializer<Checkpoint> serializer = new AvroSerializer<>();
  private final AvroDeserializer<Checkpoint> deserializer = new AvroDeserializer<>();

  Checkpoints(KafkaClients clients, String clientId, String topic, String transactionalId) {
    this.consumerSettings = clients.consumer(clientId);
    this.partition = new TopicPartition(topic, PARTITION);
    this.key = transactionalId.getBytes(StandardCharsets.UTF_8);
    serializer.configure(clients.serde(), false);
    deserializer.configure(clients.serde(), false);
  }

  /// A checkpoint to be sent.
  ///
  /// @throws RetryableException when the registry does not answer
  ProducerRecord<byte[], byte[]> record(Checkpoint checkpoint) {
    byte[] value = serializer.serialize(partition.topic(), checkpoint);
    return new ProducerRecord<>(partition.topic(), partition.partition(), key, value);
  }

  /// The newest that was committed; null when there is none. Call it after fencing: before, one
  /// more may come.
  ///
  /// @throws RetryableException when Kafka or the registry does not answer
  @Nullable Checkpoint last() {
    byte[] value;
    try (var consumer =
        new KafkaConsumer<>(
            consumerSettings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      value = last(consumer);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw new RetryableException(
          "Kafka does not answer about "
              + partition
              + ": check that `slipway topics apply` was run",
          Duration.ZERO,
          e);
    }
    return value == null ? null : deserializer.deserialize(partition.topic(), value);
  }

  private byte @Nullable [] last(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> both = List.of(partition);
    consumer.assign(both);
    long start = consumer.beginningOffsets(both, PATIENCE).getOrDefault(partition, 0L);
    long until = consumer.endOffsets(both, PATIENCE).getOrDefault(partition, 0L);
    long look = FIRST_LOOK;
    while (until > start) {
      long from = Math.max(start, until - look);
      byte[] found = newest(consumer, from, until);
      if (found != null) {
        return found;
      }
      // markers and undone transactions alone
      until = from;
      look *= WIDER;
    }
    return null;
  }

  private byte @Nullable [] newest(Consumer<byte[], byte[]> consumer, long from, long until) {
    byte @Nullable [] newest = null;
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition, PATIENCE) < until) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("no answer from offset " + from);
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < until && Arrays.equals(record.key(), key)) {
          newest = record.value();
        }
      }
    }
    return newest;
  }

  @Override
  public void close() {
    serializer.close();
    deserializer.close();
  }
}
