package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// SIGKILL at random moments, of whatever runs, while webhooks come in.
@Tag("slow")
class ChaosIT {
  private static final int WEBHOOKS = Integer.getInteger("slipway.chaos.webhooks", 400);
  private static final int ROUNDS = Integer.getInteger("slipway.chaos.rounds", 3);
  private static final long SEED = Long.getLong("slipway.chaos.seed", 42L);
  private static final Duration LISTED_AFTER_READY = Duration.ofSeconds(8);

  private final Random random = new Random(SEED);

  @Test
  void whicheverPartIsKilledWhatWasAcceptedIsListedOnceAndTheLogSaysTheSame() {
    try (Parts parts = Parts.started();
        Watcher watcher =
            Watcher.of(parts.installation(), parts.events().base().toString(), parts::sender);
        Posting posting = Posting.of(WEBHOOKS, parts::sender)) {
      for (int round = 1; round <= ROUNDS; round++) {
        posting.awaitAccepted(round * WEBHOOKS / (ROUNDS + 1));
        List<Parts.Part> victims = victims();
        victims.forEach(victim -> kill(parts.service(victim)));
        parts.start(victims);
      }
      Set<String> accepted = posting.join();

      parts.awaitAllReady();
      Map<String, JsonNode> listed = listed(parts.api(), accepted);
      Log log = parts.installation().log();
      assertEachRecordStandsOnce(log);
      watcher.assertNothingMissedOrTwice(parts.api());
      assertEachOffsetIsCountedOnce(log, parts.api());
      assertReplayFindsAllKnown(log, parts.api(), parts.installation());
      assertRowsAreWhatTheLogSays(log, parts.api(), parts.installation());
      assertThat(parts.api().deliveriesById()).isEqualTo(listed);
    }
  }

  @Test
  void howeverOftenTheOneProcessIsKilledWhatWasAcceptedIsListedOnce() {
    int webhooks = WEBHOOKS / 4;
    int rounds = ROUNDS / 2;
    try (Slipway slipway = Slipway.fresh()) {
      Service up = slipway.up();
      try (Watcher watcher = Watcher.of(slipway, slipway.api().base().toString(), slipway::sender);
          Posting posting = Posting.of(webhooks, slipway::sender)) {
        for (int round = 1; round <= rounds; round++) {
          posting.awaitAccepted(round * webhooks / (rounds + 1));
          kill(up);
          up = slipway.up();
        }
        Set<String> accepted = posting.join();

        slipway.api().get("/readyz").is(200);
        Map<String, JsonNode> listed = listed(slipway.api(), accepted);
        assertEachRecordStandsOnce(slipway.log());
        watcher.assertNothingMissedOrTwice(slipway.api());
        assertEachOffsetIsCountedOnce(slipway.log(), slipway.api());
        assertReplayFindsAllKnown(slipway.log(), slipway.api(), slipway);
        assertRowsAreWhatTheLogSays(slipway.log(), slipway.api(), slipway);
        assertThat(slipway.api().deliveriesById()).isEqualTo(listed);
      }
    }
  }

  private List<Parts.Part> victims() {
    List<Parts.Part> victims = new ArrayList<>();
    for (Parts.Part part : Parts.Part.values()) {
      if (random.nextInt(5) < 2) {
        victims.add(part);
      }
    }
    return victims.isEmpty() ? List.of(Parts.Part.PR_SERVICE) : victims;
  }

  /// With what it started, or leaving that behind.
  private void kill(Service service) {
    if (random.nextBoolean()) {
      service.killWithChildren();
    } else {
      service.kill();
    }
  }

  private static Map<String, JsonNode> listed(Api api, Set<String> accepted) {
    Map<String, JsonNode> listed =
        await("all that was accepted to be listed")
            .atMost(LISTED_AFTER_READY)
            .pollDelay(Duration.ZERO)
            .until(api::deliveriesById, rows -> rows.keySet().containsAll(accepted));
    return listed;
  }

  private static void assertEachRecordStandsOnce(Log log) {
    for (String topic : List.of("pull-request.events", "notifications")) {
      assertThat(log.ids(topic)).as(topic).doesNotHaveDuplicates();
    }
  }

  private static void assertEachOffsetIsCountedOnce(Log log, Api api) {
    Map<Integer, Long> ends = log.ends(Log.DELIVERIES);
    List<StageCounts> counts = api.stages();
    assertThat(counts).hasSameSizeAs(ends.keySet());
    for (StageCounts partition : counts) {
      assertThat(partition.nextOffset())
          .as("next offset of %s", partition)
          .isEqualTo(ends.get(partition.partition()));
      assertThat(partition.seen()).as("seen of %s", partition).isEqualTo(partition.nextOffset());
      assertThat(partition.applied() + partition.known()).isEqualTo(partition.seen());
    }
    assertThat(counts.stream().mapToInt(count -> Math.toIntExact(count.applied())).sum())
        .isEqualTo(api.deliveriesById().size());
    assertThat(counts.stream().mapToLong(StageCounts::dead).sum()).isZero();
  }

  private static void assertReplayFindsAllKnown(Log log, Api api, Slipway slipway) {
    long records = log.size(Log.DELIVERIES);
    String url = api.base().toString();
    CommandResult replay =
        slipway.command("replay", "--stage", "pr-service.deliveries", "--json", "--url", url);
    JsonNode report = replay.exited(0).json();
    assertThat(report.path("seen").asLong()).as("%s", report).isEqualTo(records);
    assertThat(report.path("known").asLong()).as("%s", report).isEqualTo(records);

    CommandResult force =
        slipway.command(
            "replay", "--stage", "pr-service.deliveries", "--force", "--json", "--url", url);
    JsonNode forced = force.exited(0).json();
    assertThat(forced.path("seen").asLong()).as("%s", forced).isEqualTo(records);
    assertThat(forced.path("changed").asLong(-1)).as("%s", forced).isZero();
  }

  private static void assertRowsAreWhatTheLogSays(Log log, Api api, Slipway slipway) {
    CommandResult rebuild =
        slipway.command("rebuild", "--stage", "pr-service.deliveries", "--verify", "--json");
    JsonNode report = rebuild.exited(0).json().path("rebuilds").get(0);
    assertThat(report.path("records").asLong())
        .as("%s", report)
        .isEqualTo(log.size(Log.DELIVERIES));
    assertThat(report.path("tables"))
        .hasSize(7)
        .allMatch(table -> table.path("left_out").isEmpty(), "compared as a whole");
    assertThat(report.path("tables").get(0).path("rows").asInt())
        .isEqualTo(api.deliveriesById().size());
  }
}
