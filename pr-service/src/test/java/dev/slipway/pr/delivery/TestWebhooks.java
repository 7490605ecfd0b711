package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.LogPosition;
import java.time.Instant;
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

  static Webhook.Repository repository(@Nullable Long id) {
    return new Webhook.Repository(id, id == null ? null : "acme/site");
  }
}
