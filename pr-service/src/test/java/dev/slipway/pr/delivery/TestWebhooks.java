package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pr.pullrequest.PayloadCodec;
import dev.slipway.pr.pullrequest.PullRequestEvent.Cause;
import dev.slipway.pr.pullrequest.Reading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Webhooks for tests.
final class TestWebhooks {
  static final Instant RECEIVED_AT = Instant.parse("2026-01-02T03:04:05.678901Z");

  private TestWebhooks() {}

  static DeliveryId id(int number) {
    return new DeliveryId(new UUID(0x0000_0000_0000_7000L, 0x8000_0000_0000_0000L | number));
  }

  static Webhook webhook(int number, String tenant, long offset) {
    return webhook(
        number, tenant, offset, new Webhook.About("ping", null, repository(null), null, null));
  }

  static Webhook webhook(int number, String tenant, long offset, Webhook.About about) {
    return new Webhook(
        id(number),
        tenant,
        about,
        new Webhook.Origin(11L, null, RECEIVED_AT.plusSeconds(number)),
        new Webhook.Body("application/json", 2, "ab".repeat(32)),
        new LogPosition("github.deliveries", (int) (offset % 3), offset));
  }

  /// As the stage is told of it.
  static DeliveryInput.Received received(int number, long offset, Webhook.About about) {
    Webhook webhook = webhook(number, "acme", offset, about);
    return received(webhook, reading(webhook));
  }

  static DeliveryInput.Received received(Webhook webhook, Reading reading) {
    var cause = new Cause(webhook.about().sender(), webhook.id().value(), "");
    return new DeliveryInput.Received(webhook, cause, reading);
  }

  /// What a complete payload says: an open pull request, where the event is about one.
  static Reading reading(Webhook webhook) {
    Long number = webhook.about().number();
    return number == null || !webhook.about().event().equals("pull_request")
        ? new Reading.Facts(List.of())
        : PayloadCodec.webhook(
            "pull_request",
            webhook.about().action(),
            new ByteArrayInputStream(
                TestPayloads.pullRequest("edited", number.intValue(), 1, "{}")
                    .json()
                    .toString()
                    .getBytes(StandardCharsets.UTF_8)));
  }

  static Webhook.Repository repository(@Nullable Long id) {
    return new Webhook.Repository(id, id == null ? null : "acme/site");
  }
}
