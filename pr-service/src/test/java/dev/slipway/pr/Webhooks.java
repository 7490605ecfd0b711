package dev.slipway.pr;

import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// Writes webhooks as the ingress does.
final class Webhooks implements AutoCloseable {
  static final Instant RECEIVED_AT = Instant.parse("2026-01-02T03:04:05.678901Z");

  static final String BODY =
      """
      {"action":"opened","number":7,"pull_request":{"number":7,"state":"open","head":{"ref":"topic","sha":"aa"},
        "base":{"ref":"main","sha":"bb"},"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"},
        "repository":{"id":1001,"full_name":"acme/site","updated_at":"2026-01-01T00:00:00Z"}}\
      """;

  private final String topic;
  private final KafkaProducer<String, byte[]> producer;
  private final AvroSerializer<Delivery> serializer = new AvroSerializer<>();

  Webhooks(KafkaClients clients) {
    this.topic = clients.topicNames().of(Topics.GITHUB_DELIVERIES);
    this.producer =
        new KafkaProducer<>(
            clients.producer("test-webhooks"), new StringSerializer(), new ByteArraySerializer());
    serializer.configure(clients.serde(), false);
  }

  /// An opened pull request number 7 of `acme/site`.
  private static WebhookReceived.Builder opened() {
    return WebhookReceived.newBuilder()
        .setEvent("pull_request")
        .setAction("opened")
        .setHookId(11L)
        .setInstallationId(42L)
        .setRepositoryId(1001L)
        .setRepositoryFullName("acme/site")
        .setNumber(7L)
        .setSender("octocat")
        .setReceivedAt(RECEIVED_AT)
        .setContentType("application/json")
        .setBody(ByteBuffer.wrap(BODY.getBytes(StandardCharsets.UTF_8)));
  }

  /// The webhook of a delivery.
  RecordMetadata send(UUID deliveryId, String tenant, Consumer<WebhookReceived.Builder> with) {
    return send(Ids.deliveryRecord(tenant, deliveryId), deliveryId, tenant, with);
  }

  /// As ingresses wrote it that gave every record its delivery's id.
  RecordMetadata sendAsBefore(
      UUID deliveryId, String tenant, Consumer<WebhookReceived.Builder> with) {
    return send(deliveryId, deliveryId, tenant, with);
  }

  private RecordMetadata send(
      UUID id, UUID deliveryId, String tenant, Consumer<WebhookReceived.Builder> with) {
    WebhookReceived.Builder webhook = opened().setGuid(deliveryId.toString());
    with.accept(webhook);
    Delivery delivery =
        Delivery.newBuilder()
            .setContext(Context.newBuilder().setTenant(tenant).build())
            .setBody(webhook.build())
            .build();
    return send(
        id,
        webhook.getReceivedAt(),
        "" + webhook.getRepositoryId(),
        serializer.serialize(topic, delivery));
  }

  RecordMetadata send(UUID id, byte @Nullable [] value) {
    return send(id, RECEIVED_AT, "1001", value);
  }

  private RecordMetadata send(UUID id, Instant at, String key, byte @Nullable [] value) {
    var record = new ProducerRecord<>(topic, null, at.toEpochMilli(), key, value);
    new CloudEvent(id, "github.webhook_received", "webhook-ingress", at, null, null, null)
        .addTo(record.headers());
    try {
      return producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
  }
}
