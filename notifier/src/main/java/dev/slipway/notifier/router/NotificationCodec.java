package dev.slipway.notifier.router;

import dev.slipway.notifier.router.EventJson.Head;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.notification.Notification;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Writes records of `notifications`.
final class NotificationCodec implements AutoCloseable {
  private static final String UNKNOWN = "unknown";
  private static final String SOURCE = "notifier";

  /// Belongs to no tenant, so nobody sees it.
  private static final Context NOBODY = new Context("", null, null, null, null, null, null, null);

  // key, headers and what Kafka adds to a record
  private static final int ROOM_BYTES = 32 * 1024;

  private final String topic;
  private final Serializer<Notification> serializer;
  private final Deserializer<Context> contexts;

  /// @param topic `notifications` as the installation calls it
  NotificationCodec(
      String topic, Serializer<Notification> serializer, Deserializer<Context> contexts) {
    this.topic = topic;
    this.serializer = serializer;
    this.contexts = contexts;
  }

  /// A notification with the identity, time, place and trace of its event.
  ///
  /// @throws PermanentException when it is too large
  /// @throws dev.slipway.pipeline.error.RetryableException when the registry does not answer
  ProducerRecord<byte[], byte[]> write(CloudEvent envelope, PublicEvent event) {
    var notification =
        new Notification(
            event.context(), event.topics(), event.type(), ByteBuffer.wrap(event.json()), true);
    byte[] value = serializer.serialize(topic, notification);
    if (value == null || value.length > Topics.NOTIFICATIONS.maxRecordBytes() - ROOM_BYTES) {
      throw new PermanentException("the notification is too large", null);
    }
    String tenant = event.context().getTenant();
    byte[] key = tenant.getBytes(StandardCharsets.UTF_8);
    var record = new ProducerRecord<>(topic, key, value); // where the hub looks
    new CloudEvent(
            envelope.id(),
            envelope.type(),
            SOURCE,
            envelope.time(),
            envelope.subject(),
            envelope.sequence(),
            envelope.traceparent())
        .addTo(record.headers());
    return record;
  }

  /// What stands for an event that cannot be rendered: its ids and its place.
  ///
  /// @param envelope the record's, or one that stands for it
  /// @throws dev.slipway.pipeline.error.RetryableException when the registry does not answer
  ProducerRecord<byte[], byte[]> unknown(
      CloudEvent envelope, ConsumerRecord<byte[], byte[]> record, String sourceTopic) {
    Context context = context(record);
    var head = new Head(envelope.id(), UNKNOWN, envelope.time(), envelope.sequence());
    byte[] json =
        EventJson.write(
            head,
            context,
            data -> {
              data.writeStringProperty("event_type", envelope.type());
              EventJson.text(data, "subject", envelope.subject());
              data.writeObjectPropertyStart("position");
              data.writeStringProperty("topic", sourceTopic);
              data.writeNumberProperty("partition", record.partition());
              data.writeNumberProperty("offset", record.offset());
              data.writeEndObject();
            });
    return write(envelope, new PublicEvent(context, ContextTopics.of(context), UNKNOWN, json));
  }

  private Context context(ConsumerRecord<byte[], byte[]> record) {
    try {
      @Nullable Context context = contexts.deserialize(record.topic(), record.value());
      return context == null ? NOBODY : context;
    } catch (PermanentException _) {
      return NOBODY;
    }
  }

  @Override
  public void close() {
    serializer.close();
    contexts.close();
  }
}
