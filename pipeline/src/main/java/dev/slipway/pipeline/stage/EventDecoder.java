package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.kafka.CloudEvent;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads events of a stage back from its own topic: the other direction of its [EventCodec].
@FunctionalInterface
public interface EventDecoder<E> {
  /// Reads one record.
  ///
  /// @param envelope its headers
  /// @return empty when this build does not know its `ce_type`
  /// @throws dev.slipway.pipeline.error.PermanentException when no build could read it
  /// @throws dev.slipway.pipeline.error.RetryableException when what reading needs is away
  Optional<Recorded<E>> decode(ConsumerRecord<byte[], byte[]> record, CloudEvent envelope);

  /// What a record says.
  ///
  /// @param id whose event it is
  /// @param causeId what it followed from, as far as the record tells
  record Recorded<E>(AggregateId id, E event, UUID causeId) {}
}
