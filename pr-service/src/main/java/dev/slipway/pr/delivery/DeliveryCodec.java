package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.Input.Target;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.pr.delivery.DeliveryInput.Observed;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.delivery.Verdict.Outcome;
import dev.slipway.pr.pullrequest.PayloadCodec;
import dev.slipway.pr.pullrequest.PullRequestEvent.Cause;
import dev.slipway.pr.pullrequest.Reading;
import dev.slipway.pr.pullrequest.RepositoryKey;
import dev.slipway.schemas.CodePoints;
import dev.slipway.schemas.FormPayload;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.GitHubObserved;
import dev.slipway.schemas.github.WebhookReceived;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads records of `github.deliveries`.
final class DeliveryCodec implements RecordDecoder<DeliveryInput> {
  static final String WEBHOOK_RECEIVED = "github.webhook_received";
  static final String OBSERVED = "github.observed";
  private static final Set<String> TYPES = Set.of(WEBHOOK_RECEIVED, OBSERVED);
  private static final int LONGEST_TEXT = 512;
  private static final String FORM = "application/x-www-form-urlencoded";

  /// Path of a pull request, and of nothing below it.
  private static final Pattern PULL_REQUEST = Pattern.compile("/pulls/[0-9]+(\\?.*)?$");

  private final Deserializer<Delivery> deserializer;

  DeliveryCodec(Deserializer<Delivery> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<Input<DeliveryInput>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (!TYPES.contains(envelope.type())) {
      return Optional.empty();
    }
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    Delivery delivery = deserializer.deserialize(record.topic(), record.headers(), record.value());
    String tenant = delivery.getContext().getTenant();
    return switch (delivery.getBody()) {
      case WebhookReceived received ->
          Optional.of(received(record, envelope.id(), tenant, received));
      case GitHubObserved observed -> Optional.of(observed(tenant, observed));
      default -> Optional.empty();
    };
  }

  private static Input<DeliveryInput> received(
      ConsumerRecord<byte[], byte[]> record, UUID id, String tenant, WebhookReceived received) {
    // not the record's id, which for most tenants is another
    UUID deliveryId = Ids.delivery(received.getGuid(), received.getHookId());
    var position = new LogPosition(record.topic(), record.partition(), record.offset());
    Webhook webhook = webhook(new DeliveryId(deliveryId), tenant, received, position);
    var cause =
        new Cause(
            webhook.about().sender(), deliveryId, id.equals(deliveryId) ? "" : keyPrefix(tenant));
    return to(
        new RepositoryKey(tenant, webhook.about().repository().idOrZero()),
        new Received(webhook, cause, reading(received, webhook.about())));
  }

  /// A record with its delivery's id is one of tenant `default`, or was written before ids and keys
  /// named the others: what follows from it keeps the key, and so the id, that it had then.
  private static String keyPrefix(String tenant) {
    return tenant.equals(Ids.DEFAULT_TENANT) ? "" : tenant + "/";
  }

  /// Also of events that tell nothing, when what they must have is missing: it may be there in
  /// another type.
  private static Reading reading(WebhookReceived received, Webhook.About about) {
    if (!PayloadCodec.tells(received.getEvent())
        && FollowedEvents.judge(about).outcome() != Outcome.REJECTED) {
      return new Reading.Facts(List.of());
    }
    byte[] body = bytes(received.getBody());
    InputStream json =
        received.getContentType().equals(FORM)
            ? FormPayload.of(body)
            : new ByteArrayInputStream(body);
    return PayloadCodec.webhook(received.getEvent(), received.getAction(), json);
  }

  private static Input<DeliveryInput> observed(String tenant, GitHubObserved observed) {
    Reading reading =
        PULL_REQUEST.matcher(observed.getResource()).find()
            ? PayloadCodec.observed(
                new ByteArrayInputStream(bytes(observed.getBody())),
                observed.getRepositoryId(),
                observed.getObservedAt())
            : new Reading.Facts(List.of());
    return to(
        new RepositoryKey(tenant, observed.getRepositoryId()),
        new Observed(new Cause(null, null, keyPrefix(tenant)), reading));
  }

  private static Input<DeliveryInput> to(RepositoryKey repository, DeliveryInput value) {
    return new Input<>(new Target.Aggregate(repository.aggregate()), value);
  }

  /// Without a copy where the decoder made an array of its own.
  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.array().length == buffer.limit()) {
      return buffer.array();
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
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

  /// Postgres has no NUL in text; JSON has. The ingress cuts what it takes from a body; so does
  /// this, since a name in an index must not be too long for it, whoever wrote the record.
  private static String storable(String text) {
    return CodePoints.first(LONGEST_TEXT, text).replace('\0', '\uFFFD');
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
