package dev.slipway.ingress.delivery;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/// Turns an accepted delivery into its record: key, envelope, Avro.
final class DeliveryCodec {
  static final String TYPE = "github.webhook_received";
  private static final String SOURCE = "webhook-ingress";

  private final String topic;
  private final Serializer<Delivery> serializer;

  /// @param topic with the installation's prefix
  DeliveryCodec(String topic, Serializer<Delivery> serializer) {
    this.topic = topic;
    this.serializer = serializer;
  }

  /// Gets the schema's id from the registry, so that no later call has to. May block.
  void prepare() {
    WebhookReceived sample =
        WebhookReceived.newBuilder()
            .setEvent("")
            .setGuid("")
            .setReceivedAt(Instant.EPOCH)
            .setContentType("")
            .setBody(ByteBuffer.allocate(0))
            .build();
    var _ = serialize(sample, "");
  }

  ProducerRecord<byte[], byte[]> encode(AcceptedDelivery delivery) {
    Payload payload = delivery.payload();
    DeliveryHeaders headers = delivery.headers();
    Instant receivedAt = delivery.receivedAt().truncatedTo(ChronoUnit.MICROS);
    WebhookReceived received =
        WebhookReceived.newBuilder()
            .setEvent(headers.event())
            .setAction(payload.action())
            .setGuid(headers.guid())
            .setHookId(headers.hookId())
            .setInstallationId(payload.installationId())
            .setOrganizationId(payload.organizationId())
            .setRepositoryId(payload.repositoryId())
            .setRepositoryFullName(payload.repositoryFullName())
            .setNumber(payload.number())
            .setSender(payload.sender())
            .setReceivedAt(receivedAt)
            .setContentType(delivery.kind().mediaType())
            .setBody(ByteBuffer.wrap(delivery.body()))
            .build();
    String key = Ownership.topicKey(payload, headers.hookId(), delivery.id().toString());
    var envelope =
        new CloudEvent(
            Ids.deliveryRecord(delivery.tenant(), delivery.id()),
            TYPE,
            SOURCE,
            receivedAt,
            null,
            null,
            delivery.traceparent());
    var entry =
        new ProducerRecord<>(
            topic, key.getBytes(StandardCharsets.UTF_8), serialize(received, delivery.tenant()));
    envelope.addTo(entry.headers());
    return entry;
  }

  private byte[] serialize(WebhookReceived received, String tenant) {
    Delivery delivery =
        Delivery.newBuilder()
            .setContext(Context.newBuilder().setTenant(tenant).build())
            .setBody(received)
            .build();
    return Objects.requireNonNull(serializer.serialize(topic, delivery));
  }
}
