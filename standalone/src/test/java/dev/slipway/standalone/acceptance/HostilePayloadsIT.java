package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
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
  void anIntegerBeyond64BitsIsAbsentAndAnotherTypeIsCalledThat(Slipway slipway) {
    String whole =
        """
        {"action":"opened","number":7,"pull_request":{"id":8,"number":7,"state":"open","title":"t",
        "labels":[{"name":"l"}],"head":{"ref":"topic","sha":"aa"},"base":{"ref":"main","sha":"bb"},
        "updated_at":"2026-01-01T00:00:00Z"},"repository":{"id":99105,"full_name":"octo-org/types"}}
        """;
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put(whole.replace("\"id\":8", "\"id\":9223372036854775808"), "APPLIED null");
    expected.put(whole.replace("99105", "9223372036854775808"), "REJECTED no_repository");
    expected.put(whole.replace("7", "9223372036854775808"), "REJECTED no_number");
    expected.put(whole.replace("7", "\"7\""), "REJECTED wrong_type");
    expected.put(
        whole.replace("\"number\":7,\"pull", "\"number\":\"7\",\"pull"), "REJECTED wrong_type");
    expected.put(whole.replace("99105", "\"99105\""), "REJECTED wrong_type");
    expected.put(whole.replace("\"2026-01-01T00:00:00Z\"", "5"), "REJECTED wrong_type");
    List<Webhook> webhooks =
        expected.keySet().stream().map(body -> Webhook.json("pull_request", body)).toList();
    Webhook push = Webhook.json("push", "{\"repository\":{\"id\":\"99105\"}}");

    Stream.concat(webhooks.stream(), Stream.of(push))
        .forEach(webhook -> slipway.sender().send(webhook).is(202));

    for (Webhook webhook : webhooks) {
      String body = new String(webhook.body(), UTF_8);
      assertThat(verdict(slipway, webhook)).as(body).isEqualTo(expected.get(body));
    }
    assertThat(verdict(slipway, push)).isEqualTo("REJECTED wrong_type");
    JsonNode row = slipway.api().get("/api/v1/pull-requests/octo-org/types/7").is(200).json();
    assertThat(row.path("github_id").isNull()).isTrue();
  }

  @Test
  void textsAreCutInCharactersAndNoNameIsTooLongForAnIndex(Slipway slipway) {
    ObjectNode payload = Payloads.pullRequest("octo-org/long", 99_106, 1);
    ObjectNode pullRequest = (ObjectNode) payload.path("pull_request");
    pullRequest.put("title", "a" + "😀".repeat(1_030));
    pullRequest.putArray("labels").addObject().put("name", "a" + "😀".repeat(103));
    ObjectNode status = JsonMapper.shared().createObjectNode().put("id", 1).put("state", "success");
    status.put("sha", "aa").put("context", incompressible(5_000));
    status.set("repository", payload.path("repository"));
    Webhook opened = Webhook.json("pull_request", payload);
    Webhook checked = Webhook.json("status", status);

    slipway.sender().send(opened).is(202);
    slipway.sender().send(checked).is(202);

    assertThat(verdict(slipway, opened)).isEqualTo("APPLIED null");
    assertThat(verdict(slipway, checked)).isEqualTo("APPLIED null");
    JsonNode row = slipway.api().get("/api/v1/pull-requests/octo-org/long/1").is(200).json();
    assertThat(row.path("title").asString()).isEqualTo("a" + "😀".repeat(1_023));
    assertThat(row.path("labels").get(0).asString()).isEqualTo("a" + "😀".repeat(99));
  }

  private static String incompressible(int characters) {
    return new Random(1)
        .ints(characters, 0x4e00, 0x9fff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String verdict(Slipway slipway, Webhook webhook) {
    JsonNode row = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(10));
    return row.path("outcome").asString() + " " + row.path("reason").asString("null");
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
