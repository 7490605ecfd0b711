package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads records of `github.deliveries`.
final class DeliveryCodec {
  static final String WEBHOOK_RECEIVED = "github.webhook_received";

  private final Deserializer<Delivery> deserializer;

  DeliveryCodec(Deserializer<Delivery> deserializer) {
    this.deserializer = deserializer;
  }

  /// Reads one record.
  ///
  /// @return empty for every type but `github.webhook_received`
  Optional<Input<DeliveryId, DeliveryInput>> decode(ConsumerRecord<byte[], byte[]> record) {
    Optional<CloudEvent> envelope = CloudEvent.from(record.headers());
    if (envelope.isPresent() && !envelope.get().type().equals(WEBHOOK_RECEIVED)) {
      return Optional.empty();
    }
    if (envelope.isEmpty()) {
      throw new PermanentException("no CloudEvents headers", null);
    }
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    Delivery delivery = deserializer.deserialize(record.topic(), record.headers(), record.value());
    var position = new LogPosition(record.topic(), record.partition(), record.offset());
    var id = new DeliveryId(envelope.get().id());
    return switch (delivery.getBody()) {
      case WebhookReceived webhook ->
          Optional.of(
              new Input<>(
                  id.value(),
                  id,
                  new Received(webhook(id, delivery.getContext().getTenant(), webhook, position))));
      default -> Optional.empty();
    };
  }

  private static Webhook webhook(
      DeliveryId id, String tenant, WebhookReceived webhook, LogPosition position) {
    return new Webhook(
        id,
        tenant,
        new Webhook.About(
            storable(webhook.getEvent()),
            storableOrNull(webhook.getAction()),
            new Webhook.Repository(
                webhook.getRepositoryId(), storableOrNull(webhook.getRepositoryFullName())),
            webhook.getNumber(),
            storableOrNull(webhook.getSender())),
        new Webhook.Origin(
            webhook.getHookId(), webhook.getInstallationId(), webhook.getReceivedAt()),
        new Webhook.Body(
            storable(webhook.getContentType()),
            webhook.getBody().remaining(),
            sha256(webhook.getBody())),
        position);
  }

  private static @Nullable String storableOrNull(@Nullable String text) {
    return text == null ? null : storable(text);
  }

  /// Postgres has no NUL in text; JSON has.
  private static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }

  private static String sha256(ByteBuffer body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(body.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
