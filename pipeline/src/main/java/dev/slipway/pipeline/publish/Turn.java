package dev.slipway.pipeline.publish;

import dev.slipway.schemas.publisher.Checkpoint;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// What is published in one Kafka transaction. All of it is at hand: a transaction that waits for
/// something hides whatever follows it from everybody.
///
/// @param records in the order in which they are sent
/// @param notifications sent after them, in this order; the turn can be published without
/// @param checkpoint what the next leader must know once they are published; null when there is
///   nothing to publish
record Turn(
    List<ProducerRecord<byte[], byte[]>> records,
    List<ProducerRecord<byte[], byte[]>> notifications,
    @Nullable Checkpoint checkpoint) {
  /// Nothing to publish.
  static final Turn NOTHING = new Turn(List.of(), List.of(), null);
}
