package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.avro.ContextDeserializer;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.EventJson;
import dev.slipway.pipeline.live.EventJson.Head;
import dev.slipway.pipeline.live.Gap;
import dev.slipway.pipeline.live.MercureTopics;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.pipeline.publish.Outbox.Row;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.notification.Notification;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Writes records of `notifications`.
final class NotificationCodec implements AutoCloseable {
  private static final String UNKNOWN = "unknown";

  /// A gap belongs to no tenant: it is about all that share its partition.
  private static final Context NOBODY = context("");

  // key, headers and what Kafka adds to a record
  private static final int ROOM_BYTES = 32 * 1024;

  private final String topic;
  private final AvroSerializer<Notification> serializer = new AvroSerializer<>();
  private final ContextDeserializer contexts = new ContextDeserializer();

  NotificationCodec(KafkaClients clients) {
    this.topic = clients.topicNames().of(Topics.NOTIFICATIONS);
    serializer.configure(clients.serde(), false);
    contexts.configure(clients.serde(), false);
  }

  /// A notification with the envelope of its event.
  ///
  /// @throws PermanentException when it is too large
  /// @throws dev.slipway.pipeline.error.RetryableException when the registry does not answer
  ProducerRecord<byte[], byte[]> write(CloudEvent envelope, PublicEvent event, int partition) {
    byte[] value = serialize(event.context(), event.topics(), event.type(), event.json());
    if (value.length > Topics.NOTIFICATIONS.maxRecordBytes() - ROOM_BYTES) {
      throw new PermanentException("the notification is too large", null);
    }
    return record(partition, event.context().getTenant(), envelope, value);
  }

  /// What stands for an event that cannot be rendered: its ids.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when the registry does not answer
  PublicEvent unknown(Row row) {
    Context context = contextOf(row);
    CloudEvent envelope = row.envelope();
    byte[] json =
        EventJson.write(
            new Head(envelope.id(), UNKNOWN, envelope.time(), envelope.sequence()),
            context,
            data -> {
              data.writeStringProperty("event_type", envelope.type());
              EventJson.text(data, "subject", envelope.subject());
              data.writeStringProperty("topic", row.lane().topic());
              data.writeStringProperty("key", row.lane().key());
            });
    List<String> topics = new MercureTopics(context.getTenant()).of(context);
    return new PublicEvent(context, topics, UNKNOWN, json);
  }

  /// What tells that notifications are missing before it.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when the registry does not answer
  ProducerRecord<byte[], byte[]> gap(CloudEvent envelope, int partition) {
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    return record(partition, "", envelope, serialize(NOBODY, List.of(), Gap.type(), json));
  }

  private ProducerRecord<byte[], byte[]> record(
      int partition, String tenant, CloudEvent envelope, byte[] value) {
    byte[] key = tenant.getBytes(StandardCharsets.UTF_8);
    var record = new ProducerRecord<>(topic, partition, key, value);
    envelope.addTo(record.headers());
    return record;
  }

  private byte[] serialize(Context context, List<String> topics, String type, byte[] json) {
    byte[] value =
        serializer.serialize(
            topic, new Notification(context, topics, type, ByteBuffer.wrap(json), true));
    if (value == null) {
      throw new IllegalStateException("a notification has a value");
    }
    return value;
  }

  private Context contextOf(Row row) {
    String tenant = row.lane().tenant();
    try {
      @Nullable Context context = contexts.deserialize(row.lane().topic(), row.value());
      return context == null ? context(tenant) : context;
    } catch (PermanentException _) {
      return context(tenant);
    }
  }

  private static Context context(String tenant) {
    return new Context(tenant, null, null, null, null, null, null, null);
  }

  @Override
  public void close() {
    serializer.close();
    contexts.close();
  }
}
