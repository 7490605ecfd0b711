package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.schemas.Ids;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns records into entries of a batch.
final class RecordReader<K extends Comparable<K>, S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(RecordReader.class);

  private final Stage<K, S, I, E> stage;

  RecordReader(Stage<K, S, I, E> stage) {
    this.stage = stage;
  }

  /// Reads one record; what can never be read is dead.
  ///
  /// @param topicId the topic that the record stands in
  Entry<K, I> read(ConsumerRecord<byte[], byte[]> record, String topicId) {
    try {
      return stage
          .decode(record)
          .<Entry<K, I>>map(input -> new Decoded<>(record, input))
          .orElseGet(() -> new Foreign<>(record));
    } catch (RetryableException | InterruptException e) {
      throw e;
    } catch (PermanentException e) {
      return new Dead<>(record, id(record, topicId), cause(e), null);
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("stage", stage.name())
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("record cannot be read");
      return new Dead<>(record, id(record, topicId), cause(e), null);
    }
  }

  /// What a dead letter says of the failure. The message of what is no failure of ours to name
  /// stays in our log.
  static String cause(RuntimeException failure) {
    return failure instanceof PermanentException
        ? String.valueOf(failure.getMessage())
        : "bug: " + failure.getClass().getSimpleName();
  }

  private static UUID id(ConsumerRecord<byte[], byte[]> record, String topicId) {
    return CloudEvent.from(record.headers())
        .map(CloudEvent::id)
        .orElseGet(() -> Ids.place(topicId, record.partition(), record.offset()));
  }
}
