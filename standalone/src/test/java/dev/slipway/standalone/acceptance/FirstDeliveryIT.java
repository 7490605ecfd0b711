package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The shortest way through all of it, for every run of the suite; the rest is `slow`.
class FirstDeliveryIT {

  @Test
  void oneCommandTakesASignedWebhookToTheListAndAForgedOneNowhere() {
    try (Slipway slipway = Slipway.fresh()) {
      Service up = slipway.up();
      Webhook webhook =
          Webhook.json("pull_request", Payloads.pullRequest("octo-org/first", 1296269, 1347));
      Webhook forged = Webhook.json("ping", "{}");

      Answer _ =
          slipway.sender().withSecret("wrong").send(forged).isProblem(401, "invalid_signature");
      slipway.sender().send(webhook).is(202);

      JsonNode row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
      assertThat(row.path("repository").path("full_name").asString()).isEqualTo("octo-org/first");
      assertThat(row.path("body_sha256").asString()).isEqualTo(webhook.bodySha256());
      assertThat(slipway.api().deliveriesById()).containsOnlyKeys(webhook.guid());
      up.terminate();
      int _ = up.awaitExit(Duration.ofSeconds(30));
    }
  }
}
