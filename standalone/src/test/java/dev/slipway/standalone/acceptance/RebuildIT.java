package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// A rebuild is believed because it finds what is wrong.
@Tag("slow")
class RebuildIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SHADOWS =
      "select nspname from pg_namespace where starts_with(nspname, 'pr_rebuild_')";

  @Test
  @ExtendWith(SharedInstallation.class)
  void theCommandSaysWhichRowDiffersAndInWhat(Slipway slipway) {
    Webhook webhook =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/rebuilt", 10_002, 1));
    slipway.sender().send(webhook).is(202);
    JsonNode _ = slipway.api().awaitDelivery(webhook.guid(), SOON);
    slipway.awaitCaughtUp(SOON);
    Sql sql = Sql.of(slipway);
    String where = " where delivery_id = '" + webhook.guid() + "'";
    String sender = sql.strings("select sender from pr.delivery" + where).getFirst();

    JsonNode equal = rebuild(slipway, "--json").exited(0).json();
    assertThat(sql.update("update pr.delivery set sender = 'mallory'" + where)).isEqualTo(1);
    JsonNode different = rebuild(slipway, "--json").exited(1).json();
    String table = rebuild(slipway).exited(1).out();
    assertThat(sql.update("update pr.delivery set sender = '" + sender + "'" + where)).isEqualTo(1);
    JsonNode _ = rebuild(slipway, "--json").exited(0).json();

    assertThat(equal.path("equal").asBoolean()).isTrue();
    assertThat(different.path("equal").asBoolean()).isFalse();
    JsonNode differences = different.path("rebuilds").get(0).path("differences");
    assertThat(differences).as("%s", different).hasSize(1);
    JsonNode found = differences.get(0);
    assertThat(found.path("table").asString()).isEqualTo("delivery");
    assertThat(found.path("key").asString())
        .isEqualTo("delivery_id=" + webhook.guid() + " tenant=default");
    assertThat(found.path("column").asString()).isEqualTo("sender");
    assertThat(found.path("live").asString()).isEqualTo("mallory");
    assertThat(found.path("rebuilt").asString()).isEqualTo(sender);
    assertThat(table).contains("pull_request_event", "unexpected", webhook.guid(), "mallory");
  }

  @Test
  @ExtendWith(SharedInstallation.class)
  void killedInTheMiddleTheNextDropsWhatItLeft(Slipway slipway) {
    for (int number = 1; number <= 50; number++) {
      slipway
          .sender()
          .send(Webhook.json("pull_request", Payloads.pullRequest("octo-org/killed", 77, number)))
          .is(202);
    }
    slipway.awaitCaughtUp(SOON);
    Service first = slipway.start("rebuild", "--stage", "pr-service", "--verify");
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !Sql.of(slipway).strings(SHADOWS).isEmpty());

    first.kill();
    JsonNode rebuild =
        await()
            .atMost(SOON)
            .until(() -> rebuild(slipway, "--json"), result -> result.exit() == 0)
            .json()
            .path("rebuilds")
            .path(0);

    assertThat(rebuild.path("records").asInt()).as("%s", rebuild).isGreaterThanOrEqualTo(50);
    assertThat(rebuild.path("differences")).isEmpty();
    assertThat(Sql.of(slipway).strings(SHADOWS)).isEmpty();
  }

  @Test
  void withoutTheDatabaseItEndsWithFourAndSaysWhatIsAway() {
    try (Slipway slipway = Slipway.fresh()) {
      CommandResult none = rebuild(slipway);
      CommandResult away =
          slipway
              .with("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
              .with("SCHEMA_REGISTRY_URL", "http://127.0.0.1:1")
              .with("DATABASE_URL", "postgresql://slipway:s3cr3t@127.0.0.1:1/slipway")
              .with("SLIPWAY_DATABASE_START_TIMEOUT", "1s")
              .command("rebuild", "--stage", "pr-service", "--verify");

      assertThat(none.exited(3).err()).contains("slipway up");
      assertThat(away.exited(4).err()).contains("database").doesNotContain("s3cr3t", "\tat ");
    }
  }

  private static CommandResult rebuild(Slipway slipway, String... more) {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "rebuild";
    arguments[1] = "--stage";
    arguments[2] = "pr-service.deliveries";
    arguments[3] = "--verify";
    System.arraycopy(more, 0, arguments, 4, more.length);
    return slipway.command(arguments);
  }
}
