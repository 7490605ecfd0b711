package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("slow")
@ExtendWith(SharedInstallation.class)
class HostilePayloadsIT {
  private static final String SQL = "'; DROP TABLE sandboxes; --";
  private static final String SCRIPT = "<script>alert('xss')</script>";

  @Test
  void sqlInTheRepositoryUrlIsDataAndHarmless(Slipway slipway) {
    ObjectNode payload = Payloads.pullRequest("octo-org/sql", 99_101, 1);
    ObjectNode repository = (ObjectNode) payload.path("repository");
    repository.put("full_name", "octo-org/" + SQL).put("clone_url", SQL).put("html_url", SQL);
    Webhook webhook = Webhook.json("pull_request", payload);

    slipway.sender().send(webhook).is(202);

    JsonNode row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
    assertThat(row.path("repository").path("full_name").asString()).isEqualTo("octo-org/" + SQL);
    assertThat(
            slipway.api().get("/api/v1/deliveries?event='%3B+drop+table+delivery%3B+--").status())
        .isLessThan(500);
    assertThat(slipway.api().deliveriesById()).containsKey(webhook.guid());
  }

  @Test
  void aScriptInThePayloadIsDataAndNeverServedAsHtml(Slipway slipway) {
    ObjectNode payload = Payloads.pullRequest("octo-org/script", 99_102, 1);
    ((ObjectNode) payload.path("pull_request")).put("title", SCRIPT);
    ((ObjectNode) payload.path("sender")).put("login", SCRIPT);
    payload.put("action", SCRIPT);
    Webhook webhook = Webhook.json("pull_request", payload);

    slipway.sender().send(webhook).is(202);

    JsonNode row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
    assertThat(row.path("sender").asString()).isEqualTo(SCRIPT);
    assertThat(row.path("action").asString()).isEqualTo(SCRIPT);
    Answer answer = slipway.api().get("/api/v1/deliveries/" + webhook.guid());
    assertThat(answer.header("content-type").orElse("")).startsWith("application/json");
    assertThat(answer.header("x-content-type-options")).contains("nosniff");
  }

  @Test
  void wellFormedJsonThatLacksWhatWeWantIsAcceptedAndItsDeliverySaysWhy(Slipway slipway) {
    List<Webhook> webhooks =
        Stream.of(
                "{}",
                "[]",
                "null",
                "42",
                "\"text\"",
                "{\"repository\":null,\"pull_request\":null}",
                "{\"repository\":\"text\",\"sender\":7,\"number\":\"x\",\"action\":{}}",
                "{\"repository\":{\"id\":\"text\",\"full_name\":[]},\"pull_request\":[]}",
                "{\"repository\":{\"id\":99999999999999999999999999},\"number\":1e400}",
                "{\"repository\":{\"id\":-1},\"number\":-9223372036854775808}",
                "{\"action\":\"a\\u0000b\",\"sender\":{\"login\":\"\\ud800\"}}",
                "{\"a\":".repeat(200) + "1" + "}".repeat(200),
                "[".repeat(5_000) + "]".repeat(5_000),
                "{\"number\":" + "9".repeat(5_000) + "}",
                "{\"" + "n".repeat(100_000) + "\":1}",
                "{\"action\":\"opened\",\"action\":7,\"number\":1,\"number\":{}}",
                "{\"repository\":{\"id\":1,\"full_name\":\"" + "x".repeat(100_000) + "\"}}",
                "{\"action\":\"" + "y".repeat(100_000) + "\"}")
            .map(body -> Webhook.json("pull_request", body))
            .toList();

    for (Webhook webhook : webhooks) {
      slipway.sender().send(webhook).is(202);
    }

    for (Webhook webhook : webhooks) {
      JsonNode row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
      assertThat(row.path("outcome").asString())
          .as("outcome of " + new String(webhook.body(), UTF_8))
          .isIn("IGNORED", "REJECTED");
      assertThat(row.path("reason").asString()).isNotBlank();
    }
  }

  @Test
  void anEventNobodyKnowsIsAcceptedAndIgnored(Slipway slipway) {
    Webhook webhook = Webhook.json("moon_landing", "{\"action\":\"touched_down\",\"crew\":3}");

    slipway.sender().send(webhook).is(202);

    JsonNode row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
    assertThat(row.path("outcome").asString()).isEqualTo("IGNORED");
    assertThat(row.path("event").asString()).isEqualTo("moon_landing");
    assertThat(row.path("action").asString()).isEqualTo("touched_down");
  }

  @Test
  void fiveCallsAtOnceForOnePullRequestAreAllListedOnce(Slipway slipway) {
    List<Webhook> webhooks =
        Stream.generate(() -> Payloads.pullRequest("octo-org/at-once", 99_103, 1))
            .limit(5)
            .map(payload -> Webhook.json("pull_request", payload))
            .toList();

    Crowd.each(webhooks, 5, slipway.sender()::send).forEach(answer -> answer.is(202));
    slipway.awaitCaughtUp(Duration.ofSeconds(10));

    assertThat(slipway.api().deliveries("repository=octo-org/at-once"))
        .extracting(row -> row.path("delivery_id").asString())
        .containsExactlyInAnyOrderElementsOf(webhooks.stream().map(Webhook::guid).toList());
  }

  @Test
  void oneCallTwentyTimesAtOnceIsListedOnce(Slipway slipway) {
    Webhook webhook =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/racing", 99_104, 1));
    List<Webhook> copies = Stream.generate(() -> webhook).limit(20).toList();

    Crowd.each(copies, 20, slipway.sender()::send).forEach(answer -> answer.is(202));
    slipway.awaitCaughtUp(Duration.ofSeconds(10));

    assertThat(slipway.api().deliveries("repository=octo-org/racing"))
        .extracting(row -> row.path("delivery_id").asString())
        .containsExactly(webhook.guid());
  }
}
