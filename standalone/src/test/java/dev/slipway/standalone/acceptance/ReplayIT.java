package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Replay is believed because it finds what is wrong.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class ReplayIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String REPLAYS = "/api/v1/admin/replays";

  @Test
  void aForcedReplayReportsTheRowThatDiffersAndMendsItWhenToldTo(Slipway slipway)
      throws SQLException {
    Webhook webhook =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/replayed", 10_001, 1));
    slipway.sender().send(webhook).is(202);
    JsonNode before = slipway.api().awaitDelivery(webhook.guid(), SOON);
    slipway.awaitCaughtUp(SOON);
    Set<JsonNode> all = new HashSet<>(slipway.api().deliveries(""));
    tamperWith(slipway, webhook);
    assertThat(slipway.api().awaitDelivery(webhook.guid(), SOON)).isNotEqualTo(before);

    JsonNode ordinary = replay(slipway, 0);
    assertThat(ordinary.path("known").asLong()).isEqualTo(ordinary.path("seen").asLong());
    JsonNode forced = replay(slipway, 1, "--force");
    assertThat(forced.path("changed").asLong()).as("%s", forced).isEqualTo(1);
    assertThat(slipway.api().awaitDelivery(webhook.guid(), SOON)).isNotEqualTo(before);

    JsonNode applied = replay(slipway, 0, "--force", "--apply");
    assertThat(applied.path("changed").asLong()).as("%s", applied).isEqualTo(1);
    assertThat(slipway.api().awaitDelivery(webhook.guid(), SOON)).isEqualTo(before);
    assertThat(replay(slipway, 0, "--force").path("changed").asLong()).isZero();
    assertThat(new HashSet<>(slipway.api().deliveries(""))).isEqualTo(all);
  }

  @Test
  void anOrdinaryReplayLeavesTheCountsOfTheStageAlone(Slipway slipway) {
    slipway.sender().send(Webhook.json("ping", "{}")).is(202);
    slipway.awaitCaughtUp(SOON);
    List<StageCounts> before = slipway.api().stages();

    JsonNode _ = replay(slipway, 0);

    assertThat(slipway.api().stages()).isEqualTo(before);
  }

  @Test
  void aRequestThatIsRepeatedUnderItsKeyIsOneReplay(Slipway slipway) {
    String key = UUID.randomUUID().toString();
    String body = "{\"stage\":\"pr-service\",\"force\":false,\"apply\":false}";

    Answer first = ask(slipway, key, body).is(202);
    Answer second = ask(slipway, key, body).is(202);

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(first.json().path("items").get(0).path("replay_id").asString()).isNotBlank();
    Answer _ =
        ask(slipway, key, "{\"stage\":\"pr-service\",\"force\":true,\"apply\":false}")
            .isProblem(422, "key_reused");
    Answer _ = ask(slipway, "k".repeat(256), body).isProblem(422, "invalid");
  }

  @Test
  void aRequestThatSaysWhatNobodyUnderstandsIsRefused(Slipway slipway) {
    for (String body :
        List.of(
            "{\"stage\":\"pr-service\",\"forse\":true}",
            "{\"stage\":\"pr-service\",\"apply\":true}",
            "{\"stage\":\"\"}",
            "{\"stage\":\"pr-service\",\"from\":-1}",
            "{\"stage\":\"no-such-stage\"}",
            "{}")) {
      Answer answer = ask(slipway, UUID.randomUUID().toString(), body).isProblem(422, "invalid");
      assertThat(answer.json().path("errors").size()).as(answer.body()).isPositive();
    }
    Answer _ = ask(slipway, UUID.randomUUID().toString(), "{").isProblem(400, "malformed");
  }

  private static JsonNode replay(Slipway slipway, int exit, String... more) {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "replay";
    arguments[1] = "--stage";
    arguments[2] = "pr-service.deliveries";
    arguments[3] = "--json";
    System.arraycopy(more, 0, arguments, 4, more.length);
    return slipway.command(arguments).exited(exit).json();
  }

  private static Answer ask(Slipway slipway, String key, String body) {
    HttpRequest request =
        slipway
            .api()
            .request(REPLAYS)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body))
            .build();
    return Http.send(request);
  }

  /// What no part of the product would do: writes another sender into a row.
  private static void tamperWith(Slipway slipway, Webhook webhook) throws SQLException {
    String url = "jdbc:" + slipway.endpoints().path("database").asString().replace("slipway@", "");
    try (Connection connection =
            DriverManager.getConnection(url, "slipway", slipway.file("database-password"));
        Statement statement = connection.createStatement()) {
      int rows =
          statement.executeUpdate(
              "update pr.delivery set sender = 'mallory' where delivery_id = '%s'"
                  .formatted(webhook.guid()));
      assertThat(rows).isEqualTo(1);
    }
  }
}
