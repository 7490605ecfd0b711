package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@Tag("slow")
@ExtendWith(SharedInstallation.class)
class ExamplePayloadsIT {
  private static final long SEED = 20261120;
  private static final List<String> KEYS =
      List.of(
          "delivery_id",
          "event",
          "action",
          "repository",
          "number",
          "installation_id",
          "hook_id",
          "sender",
          "received_at",
          "content_type",
          "body_bytes",
          "body_sha256",
          "position",
          "outcome",
          "reason",
          "event_ids",
          "pull_request",
          "task_id",
          "context");

  @Test
  void eachRecordedPayloadIsAcceptedAndListedOnceHoweverOftenItComes(Slipway slipway) {
    List<Payloads.Example> examples = Payloads.examples();
    assertThat(examples).hasSize(329);
    Map<String, Payloads.Example> byGuid = new HashMap<>();
    List<Webhook> webhooks = new ArrayList<>();
    for (Payloads.Example example : examples) {
      Webhook json = Webhook.json(example.event(), example.payload());
      Webhook form = Webhook.form(example.event(), example.payload());
      webhooks.addAll(List.of(json, form));
      byGuid.put(json.guid(), example);
      byGuid.put(form.guid(), example);
    }

    sendAll(slipway, webhooks, 4);
    slipway.awaitCaughtUp(Duration.ofSeconds(30));
    Map<String, JsonNode> listed = slipway.api().deliveriesById();
    assertThat(listed).containsKeys(byGuid.keySet().toArray(String[]::new));
    for (Webhook webhook : webhooks) {
      Payloads.Example example = byGuid.getOrDefault(webhook.guid(), examples.getFirst());
      assertMatches(listed.getOrDefault(webhook.guid(), example.payload()), webhook, example);
    }

    List<Webhook> again = new ArrayList<>(webhooks);
    again.addAll(webhooks);
    Collections.shuffle(again, new Random(SEED));
    sendAll(slipway, again, 24);
    slipway.awaitCaughtUp(Duration.ofSeconds(30));

    Map<String, JsonNode> after = slipway.api().deliveriesById();
    assertThat(after.keySet()).isEqualTo(listed.keySet());
    assertThat(after).isEqualTo(listed);
    assertThat(positions(after)).hasSameSizeAs(after.values());
  }

  @Test
  void aListIsFilteredByWhatTheContractNames(Slipway slipway) {
    Webhook one =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/filter-one", 880_001, 5));
    Webhook two =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/filter-two", 880_002, 5));
    Webhook ping =
        Webhook.json("ping", "{\"zen\":\"Half measures are as bad as nothing at all.\"}");
    for (Webhook webhook : List.of(one, two, ping)) {
      slipway.sender().send(webhook).is(202);
    }
    slipway.awaitCaughtUp(Duration.ofSeconds(20));

    assertThat(ids(slipway, "repository=octo-org/filter-one")).containsExactly(one.guid());
    assertThat(ids(slipway, "repository=octo-org/filter-two&number=5")).containsExactly(two.guid());
    assertThat(ids(slipway, "repository=octo-org/filter-two&number=6")).isEmpty();
    assertThat(ids(slipway, "repository=octo-org/filter-one&event=pull_request&action=opened"))
        .containsExactly(one.guid());
    assertThat(ids(slipway, "repository=octo-org/filter-one&action=closed")).isEmpty();
    assertThat(ids(slipway, "event=ping")).contains(ping.guid()).doesNotContain(one.guid());
    String outcome = outcome(slipway, one);
    assertThat(ids(slipway, "repository=octo-org/filter-one&outcome=" + outcome))
        .containsExactly(one.guid());
    assertThat(ids(slipway, "repository=octo-org/filter-one&outcome=DEAD_LETTERED")).isEmpty();
    assertThat(ids(slipway, "repository=octo-org/filter-one&since=2020-01-01T00:00:00Z"))
        .containsExactly(one.guid());
    assertThat(ids(slipway, "repository=octo-org/filter-one&until=2020-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void pagesFollowEachOtherNewestFirstWhileMoreComesIn(Slipway slipway) {
    List<String> guids = new ArrayList<>();
    for (int n = 1; n <= 10; n++) {
      Webhook webhook =
          Webhook.json("pull_request", Payloads.pullRequest("octo-org/pages", 880_003, n));
      slipway.sender().send(webhook).is(202);
      guids.addFirst(webhook.guid());
    }
    slipway.awaitCaughtUp(Duration.ofSeconds(20));
    String path = "/api/v1/deliveries?repository=octo-org/pages&limit=3";

    Set<String> seen = new LinkedHashSet<>();
    String cursor = "";
    for (int page = 0; page < 4; page++) {
      JsonNode answer = slipway.api().get(path + cursor).is(200).json();
      answer.path("items").forEach(row -> seen.add(row.path("delivery_id").asString()));
      assertThat(seen).hasSize(Math.min(10, 3 * (page + 1)));
      cursor = "&cursor=" + answer.path("next_cursor").asString("");
      Webhook newer =
          Webhook.json("pull_request", Payloads.pullRequest("octo-org/pages", 880_003, 99));
      slipway.sender().send(newer).is(202);
      slipway.awaitCaughtUp(Duration.ofSeconds(20));
    }

    assertThat(seen).containsExactlyElementsOf(guids);
    assertThat(cursor).isEqualTo("&cursor=");
  }

  private static void sendAll(Slipway slipway, List<Webhook> webhooks, int clients) {
    WebhookSender sender = slipway.sender();
    List<Answer> answers = Crowd.each(webhooks, clients, sender::send);
    for (int i = 0; i < webhooks.size(); i++) {
      Answer answer = answers.get(i).is(202);
      assertThat(answer.json().path("delivery_id").asString()).isEqualTo(webhooks.get(i).guid());
    }
  }

  private static void assertMatches(JsonNode row, Webhook webhook, Payloads.Example example) {
    JsonNode payload = example.payload();
    assertThat(new HashSet<>(row.propertyNames())).containsAll(KEYS);
    assertThat(row.path("event").asString()).isEqualTo(webhook.event());
    assertThat(text(row, "action")).as(webhook + " action").isEqualTo(text(payload, "action"));
    assertThat(number(row.path("repository"), "id"))
        .as(webhook + " repository")
        .isEqualTo(number(payload.path("repository"), "id"));
    assertThat(text(row.path("repository"), "full_name"))
        .isEqualTo(text(payload.path("repository"), "full_name"));
    assertThat(text(row, "sender"))
        .as(webhook + " sender")
        .isEqualTo(text(payload.path("sender"), "login"));
    assertThat(number(row, "installation_id"))
        .as(webhook + " installation")
        .isEqualTo(number(payload.path("installation"), "id"));
    assertThat(row.path("content_type").asString()).isEqualTo(webhook.contentType());
    assertThat(row.path("body_bytes").asInt()).isEqualTo(webhook.body().length);
    assertThat(row.path("body_sha256").asString()).isEqualTo(webhook.bodySha256());
    assertThat(row.path("received_at").asString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(row.path("position").path("topic").asString()).isEqualTo("github.deliveries");
    assertThat(row.path("outcome").asString()).isIn("APPLIED", "UNCHANGED", "IGNORED", "REJECTED");
    assertThat(row.path("event_ids").isArray()).isTrue();
    assertThat(row.path("context").path("tenant").asString()).isEqualTo("default");
    for (String subject : List.of("pull_request", "issue")) {
      if (payload.path(subject).isObject()) {
        assertThat(number(row, "number"))
            .as(webhook + " number")
            .isEqualTo(number(payload.path(subject), "number"));
      }
    }
  }

  private static Set<JsonNode> positions(Map<String, JsonNode> deliveries) {
    Set<JsonNode> positions = new HashSet<>();
    deliveries.values().forEach(delivery -> positions.add(delivery.path("position")));
    return positions;
  }

  private static List<String> ids(Slipway slipway, String filters) {
    return slipway.api().deliveries(filters).stream()
        .map(delivery -> delivery.path("delivery_id").asString())
        .toList();
  }

  private static String outcome(Slipway slipway, Webhook webhook) {
    return slipway
        .api()
        .awaitDelivery(webhook.guid(), Duration.ofSeconds(5))
        .path("outcome")
        .asString();
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.path(name).stringValueOpt().orElse(null);
  }

  private static @Nullable Long number(JsonNode node, String name) {
    return node.path(name).isIntegralNumber() ? Long.valueOf(node.path(name).asLong()) : null;
  }
}
