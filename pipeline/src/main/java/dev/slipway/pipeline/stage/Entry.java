package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.kafka.CloudEvent;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// One record after reading it.
sealed interface Entry<I> {
  ConsumerRecord<byte[], byte[]> record();

  /// To be decided.
  record Decoded<I>(ConsumerRecord<byte[], byte[]> record, CloudEvent envelope, Input<I> input)
      implements Entry<I> {
    UUID id() {
      return envelope.id();
    }
  }

  /// Of a type this build does not know.
  record Foreign<I>(ConsumerRecord<byte[], byte[]> record) implements Entry<I> {}

  /// To be kept on the dead-letter topic.
  ///
  /// @param id its `ce_id`, or its place in the log when it has none
  /// @param cause what is wrong with it, for people
  /// @param decoded what it said; null when it could not be read, or nobody can be told
  /// @param kept whether the dead-letter topic has it
  record Dead<I>(
      ConsumerRecord<byte[], byte[]> record,
      UUID id,
      String cause,
      @Nullable Decoded<I> decoded,
      boolean kept)
      implements Entry<I> {}
}
