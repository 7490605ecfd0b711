package dev.slipway.pipeline.publish;

import dev.slipway.schemas.publisher.Checkpoint;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// What is published in one Kafka transaction.
///
/// @param records in the order in which they are sent
/// @param checkpoint what the next leader must know once they are published; null when there is
///   nothing to publish
public record Turn(List<ProducerRecord<byte[], byte[]>> records, @Nullable Checkpoint checkpoint) {
  /// Nothing to publish.
  public static final Turn NOTHING = new Turn(List.of(), null);
}
