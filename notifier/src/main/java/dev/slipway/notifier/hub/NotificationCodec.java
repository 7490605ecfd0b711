package dev.slipway.notifier.hub;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.Gap;
import dev.slipway.pipeline.live.LogPosition;
import dev.slipway.schemas.notification.Notification;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/// Turns a record of notifications into what clients get. Safe for several threads.
final class NotificationCodec {
  private final Deserializer<Notification> deserializer;

  NotificationCodec(Deserializer<Notification> deserializer) {
    this.deserializer = deserializer;
  }

  /// @param topicId the topic that the record stands in
  /// @throws RetryableException when the schema cannot be had now
  /// @throws PermanentException when it is no notification
  LiveEvent decode(ConsumerRecord<byte[], byte[]> record, UUID topicId) {
    Notification notification = deserializer.deserialize(record.topic(), record.value());
    if (notification == null) {
      throw new PermanentException("record without value", null);
    }
    LogPosition behind = LogPosition.behind(record);
    if (notification.getType().equals(Gap.type())) {
      return LiveEvent.gap(behind);
    }
    String tenant = notification.getContext().getTenant();
    ByteBuffer body = notification.getJson().duplicate();
    byte[] json = new byte[body.remaining()];
    body.get(json);
    Cursor place = Cursor.of(topicId, record.partition(), behind, tenant);
    return LiveEvent.of(place, tenant, notification.getTopics(), json);
  }
}
