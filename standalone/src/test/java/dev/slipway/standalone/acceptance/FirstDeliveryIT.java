package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The shortest way through all of it, for every run of the suite; the rest is `slow`.
@ExtendWith(SharedInstallation.class)
class FirstDeliveryIT {

  @Test
  void oneCommandTakesASignedWebhookToTheListAndTheStreamAndAForgedOneNowhere(Slipway slipway) {
    Webhook webhook =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/first", 1296269, 1347));
    Webhook merge = Webhook.json("pull_request", Payloads.merged("octo-org/first", 1296269, 1347));
    Webhook forged =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/first", 1296269, 1348));
    try (EventStream stream = EventStream.of(slipway.api(), "repository=Octo-Org/first")) {

      Answer _ =
          slipway.sender().withSecret("wrong").send(forged).isProblem(401, "invalid_signature");
      slipway.sender().send(webhook).is(202);

      JsonNode row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
      assertThat(row.path("repository").path("full_name").asString()).isEqualTo("octo-org/first");
      assertThat(row.path("body_sha256").asString()).isEqualTo(webhook.bodySha256());
      assertThat(slipway.api().deliveries("repository=octo-org/first"))
          .extracting(it -> it.path("delivery_id").asString())
          .containsExactly(webhook.guid());

      slipway.sender().send(merge).is(202);
      assertThat(stream.await(2, Duration.ofSeconds(10)))
          .extracting(
              event -> event.path("type").asString() + " " + event.path("sequence").asLong())
          .containsExactly("pull_request.opened 1", "pull_request.merged 2");
      Answer pullRequest = slipway.api().get("/api/v1/pull-requests/octo-org/first/1347").is(200);
      assertThat(pullRequest.json().path("state").asString()).isEqualTo("MERGED");
      assertThat(pullRequest.json().path("version").asInt()).isEqualTo(2);
      assertThat(pullRequest.headers()).containsKey("slipway-cursor");
    }
  }
}
