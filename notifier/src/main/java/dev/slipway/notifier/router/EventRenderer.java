package dev.slipway.notifier.router;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Ids;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a notification of each event, whatever the event is: one that cannot be rendered is passed
/// as `unknown`, so that it is neither dropped nor in the way.
final class EventRenderer {
  private static final Logger log = LoggerFactory.getLogger(EventRenderer.class);
  private static final String NO_TYPE = "unknown";

  private final NotificationCodec notifications;
  private final RouterMetrics metrics;

  EventRenderer(NotificationCodec notifications, RouterMetrics metrics) {
    this.notifications = notifications;
    this.metrics = metrics;
  }

  /// A notification of the record.
  ///
  /// @throws RetryableException when the registry does not answer
  ProducerRecord<byte[], byte[]> render(
      ConsumerRecord<byte[], byte[]> record, String topicId, EventCodec codec) {
    Optional<CloudEvent> envelope = CloudEvent.from(record.headers());
    if (envelope.isPresent() && record.value() != null) {
      try {
        return notifications.write(envelope.get(), codec.render(envelope.get(), record.value()));
      } catch (RetryableException e) {
        throw e;
      } catch (RuntimeException e) {
        // also a bug of ours: it must not hold up what follows
        log.atWarn()
            .addKeyValue("ce_id", envelope.get().id())
            .addKeyValue("ce_type", envelope.get().type())
            .addKeyValue("topic", record.topic())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .setCause(e)
            .log("event passed as unknown");
      }
    }
    return unknown(record, topicId, codec);
  }

  /// What stands for a record that cannot be rendered, or whose notification Kafka refuses.
  ///
  /// @throws RetryableException when the registry does not answer
  ProducerRecord<byte[], byte[]> unknown(
      ConsumerRecord<byte[], byte[]> record, String topicId, EventCodec codec) {
    metrics.unknown();
    CloudEvent envelope =
        CloudEvent.from(record.headers())
            .orElseGet(() ->
                new CloudEvent(
                    Ids.place(topicId, record.partition(), record.offset()),
                    NO_TYPE,
                    NO_TYPE,
                    Instant.ofEpochMilli(record.timestamp()),
                    null,
                    null,
                    null));
    return notifications.unknown(envelope, record, codec.topic().name());
  }
}
