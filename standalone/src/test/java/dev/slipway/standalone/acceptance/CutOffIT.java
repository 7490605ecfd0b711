package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Clients that are cut off at random points by two notifiers that are killed at random, while
/// webhooks come in.
@Tag("slow")
class CutOffIT {
  private static final int CUTS = Integer.getInteger("slipway.cut-off.cuts", 400);
  private static final int KILLS = Integer.getInteger("slipway.cut-off.kills", 2);
  private static final long SEED = Long.getLong("slipway.cut-off.seed", 42L);
  private static final int CLIENTS = 8;
  private static final String QUIET = "octo-org/chaos-7";
  private static final Duration BETWEEN_WEBHOOKS = Duration.ofMillis(40);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final AtomicInteger cuts = new AtomicInteger();

  @Test
  void whoIsCutOffAnywhereByNotifiersThatAreKilledMissesNothingAndSeesNothingTwice() {
    try (Parts parts = Parts.started();
        var notifiers = new TwoNotifiers(parts)) {
      List<CutOffClient> clients =
          IntStream.range(0, CLIENTS).mapToObj(i -> client(notifiers, i)).toList();
      long start = System.nanoTime();
      int webhooks = cutOffAll(clients, notifiers, parts.sender());
      System.out.printf(
          "%d cuts, %d kills in %s%n",
          cuts.get(), KILLS, Duration.ofNanos(System.nanoTime() - start));

      List<JsonNode> all = allEvents(parts, clients.getFirst(), webhooks);
      List<JsonNode> quiet = all.stream().filter(CutOffIT::isQuiet).toList();
      for (int i = 1; i < CLIENTS; i++) {
        List<JsonNode> expected = isQuiet(i) ? quiet : all;
        assertThat(finish(clients.get(i), expected.size())).isEqualTo(expected);
      }
      assertThat(notifiers.scannedRecords()).as("records read from Kafka again").isPositive();
    }
  }

  /// @return how many webhooks there were meanwhile
  private int cutOffAll(List<CutOffClient> clients, TwoNotifiers notifiers, WebhookSender sender) {
    try (SteadyPosting posting = SteadyPosting.of(sender, BETWEEN_WEBHOOKS);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var cutting =
          CompletableFuture.supplyAsync(() -> Crowd.each(clients, CLIENTS, this::cutOff), threads);
      Random random = new Random(SEED);
      for (int kill = 1; kill <= KILLS; kill++) {
        awaitCuts(kill * CUTS / (KILLS + 1), cutting);
        notifiers.killAndStart(random.nextInt(2));
      }
      assertThat(cutting.join()).hasSize(CLIENTS);
      return posting.stop();
    }
  }

  private static CutOffClient client(TwoNotifiers notifiers, int i) {
    var client =
        new CutOffClient(
            notifiers.apis(), isQuiet(i) ? "repository=" + QUIET : "", new Random(SEED + i));
    await("a place to resume from")
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(() -> {
          boolean _ = client.connect();
          return client.isResumable();
        });
    return client;
  }

  private static boolean isQuiet(int client) {
    return client % 2 == 1;
  }

  private static boolean isQuiet(JsonNode event) {
    return event.path("data").path("repository").path("full_name").asString().equals(QUIET);
  }

  private CutOffClient cutOff(CutOffClient client) {
    while (cuts.get() < CUTS) {
      if (client.connect()) {
        cuts.incrementAndGet();
      }
    }
    return client;
  }

  private void awaitCuts(int count, Future<?> cutting) {
    await(count + " cuts")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> cuts.get() >= count || cutting.isDone());
  }

  /// What a client saw, which is what the log holds, which is what became of the webhooks.
  private List<JsonNode> allEvents(Parts parts, CutOffClient client, int webhooks) {
    parts.awaitCaughtUp(PATIENCE);
    long events =
        parts.api().list("/api/v1/pull-requests?limit=200").stream()
            .mapToLong(row -> row.path("version").asLong())
            .sum();
    assertThat(events).isEqualTo(webhooks);
    List<JsonNode> seen = finish(client, webhooks);
    assertThat(seen)
        .extracting(event -> event.path("id").asString())
        .isEqualTo(parts.installation().log().ids("notifications"))
        .doesNotHaveDuplicates()
        .hasSize(webhooks);
    return seen;
  }

  /// What a client saw once it saw so much.
  private static List<JsonNode> finish(CutOffClient client, int events) {
    await(events + " events to be seen")
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(() -> {
          client.stay();
          return client.seen().size() >= events;
        });
    return client.seen();
  }
}
