package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.kafka.CloudEvent;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads the records of one topic.
@FunctionalInterface
public interface RecordDecoder<I> {
  /// Reads one record.
  ///
  /// @param envelope its headers
  /// @return empty when the record is of a `ce_type` that this build does not know: it gets no
  ///   inbox row
  /// @throws dev.slipway.pipeline.error.PermanentException when no build could read it
  /// @throws dev.slipway.pipeline.error.RetryableException when what reading needs is away
  Optional<Input<I>> decode(ConsumerRecord<byte[], byte[]> record, CloudEvent envelope);
}
