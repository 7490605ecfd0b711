package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.TopicNames;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.schemas.Ids;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns records into entries, by the decoder of their topic.
public final class RecordReader<I> {
  private static final Logger log = LoggerFactory.getLogger(RecordReader.class);

  private final String stage;
  private final Map<String, RecordDecoder<I>> decoders;

  /// @param decoders by the names that the cluster knows the topics by
  RecordReader(String stage, Map<String, RecordDecoder<I>> decoders) {
    this.stage = stage;
    this.decoders = Map.copyOf(decoders);
  }

  /// Of all topics of a stage.
  public static <I> RecordReader<I> of(Stage<?, I, ?> stage, TopicNames names) {
    var decoders = new HashMap<String, RecordDecoder<I>>();
    stage.sources().forEach((topic, decoder) -> decoders.put(names.of(topic), decoder));
    return new RecordReader<>(stage.name(), decoders);
  }

  /// Reads the records of one partition; what can never be read is dead.
  ///
  /// @param topicId the topic that the records stand in
  /// @throws RetryableException when what reading needs is away
  List<Entry<I>> read(List<ConsumerRecord<byte[], byte[]>> records, String topicId) {
    var entries = new ArrayList<Entry<I>>(records.size());
    records.forEach(record -> entries.add(read(record, topicId)));
    return entries;
  }

  private Entry<I> read(ConsumerRecord<byte[], byte[]> record, String topicId) {
    CloudEvent envelope = CloudEvent.from(record.headers()).orElse(null);
    UUID id =
        envelope == null ? Ids.place(topicId, record.partition(), record.offset()) : envelope.id();
    RecordDecoder<I> decoder = decoders.get(record.topic());
    if (envelope == null || decoder == null) {
      return new Dead<>(record, id, "no CloudEvents headers", null, false);
    }
    try {
      return decoder
          .decode(record, envelope)
          .<Entry<I>>map(input -> new Decoded<>(record, envelope, input))
          .orElseGet(() -> new Foreign<>(record));
    } catch (RetryableException | InterruptException e) {
      throw e;
    } catch (PermanentException e) {
      return new Dead<>(record, id, cause(e), null, false);
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("stage", stage)
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("record cannot be read");
      return new Dead<>(record, id, cause(e), null, false);
    }
  }

  /// What a dead letter says of the failure. The message of what is no failure of ours to name
  /// stays in our log.
  static String cause(RuntimeException failure) {
    return failure instanceof PermanentException
        ? String.valueOf(failure.getMessage())
        : "bug: " + failure.getClass().getSimpleName();
  }
}
