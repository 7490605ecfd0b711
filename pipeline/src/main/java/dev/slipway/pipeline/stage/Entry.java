package dev.slipway.pipeline.stage;

import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One record of a batch after reading it.
sealed interface Entry<K, I> {
  ConsumerRecord<byte[], byte[]> record();

  default TopicPartition partition() {
    return new TopicPartition(record().topic(), record().partition());
  }

  /// To be decided.
  record Decoded<K, I>(ConsumerRecord<byte[], byte[]> record, Input<K, I> input)
      implements Entry<K, I> {}

  /// Of a type this build does not know.
  record Foreign<K, I>(ConsumerRecord<byte[], byte[]> record) implements Entry<K, I> {}

  /// To be kept on the dead-letter topic.
  ///
  /// @param id its `ce_id`, or its place in the log when it has none
  /// @param cause what is wrong with it, for people
  /// @param input what it said; null when it could not be read
  record Dead<K, I>(
      ConsumerRecord<byte[], byte[]> record, UUID id, String cause, @Nullable Input<K, I> input)
      implements Entry<K, I> {}
}
