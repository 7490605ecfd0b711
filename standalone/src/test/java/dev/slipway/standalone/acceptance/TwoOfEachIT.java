package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Services that run twice: work is shared, taken over, and never done twice.
@Tag("slow")
class TwoOfEachIT {
  private static final Duration TAKE_OVER = Duration.ofSeconds(60);
  private static final Duration SUCCEEDED = Duration.ofSeconds(10);
  private static final String RELAY_LEADS = "slipway_publisher_leader{publisher=\"relay-pr\"";

  private static Parts parts;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @BeforeAll
  static void start() {
    parts = Parts.started();
  }

  @AfterAll
  static void close() {
    parts.close();
  }

  @Test
  void aStoppedOwnerIsSucceededAndWhenItWakesUpItWritesNothingMore() {
    Service owner = parts.service(Parts.Part.PR_SERVICE);
    awaitListed(parts.api(), send(parts.sender()));
    int port = Ports.one();
    Api successor = parts.api().at(port);
    Service second = parts.launchBeside(Parts.Part.PR_SERVICE, port).awaitReady(Slipway.START);

    owner.freeze();
    List<Webhook> meanwhile = send(parts.sender());
    awaitListed(successor, meanwhile);
    owner.thaw();
    List<Webhook> afterwards = send(parts.sender());
    awaitListed(successor, afterwards);

    assertEachOffsetIsCountedOnce(successor);
    assertThat(parts.api().deliveriesById()).isEqualTo(successor.deliveriesById());
    second.kill();
    List<Webhook> alone = send(parts.sender());
    awaitListed(parts.api(), alone);
    assertEachOffsetIsCountedOnce(parts.api());
  }

  @Test
  void aKilledOwnerIsSucceededWithinTenSecondsAndNothingIsLostOrDoubled() {
    int port = Ports.one();
    Service first = parts.service(Parts.Part.PR_SERVICE);
    Service second = parts.launchBeside(Parts.Part.PR_SERVICE, port).awaitReady(Slipway.START);
    try (EventStream stream = EventStream.of(parts.events(), "")) {
      List<Webhook> before = send(parts.sender());
      awaitListed(parts.api(), before);
      // whoever publishes them leads
      stream.await(before.size(), TAKE_OVER);
    }
    boolean firstLeads = parts.api().metric(RELAY_LEADS) == 1;
    Service victim = firstLeads ? first : second;
    Api survivor = firstLeads ? parts.api().at(port) : parts.api();
    try (EventStream stream = EventStream.of(parts.events(), "")) {
      List<Webhook> all = new ArrayList<>(send(parts.sender()));

      victim.kill();
      long killed = System.nanoTime();
      all.addAll(send(parts.sender()));
      awaitListed(survivor, all, left(killed));
      Duration listed = since(killed);
      stream.await(all.size(), left(killed));
      Duration live = since(killed);

      System.out.printf("taken over after %s, live after %s%n", listed, live);
      all.addAll(send(parts.sender())); // whatever comes twice comes before the last of these
      assertThat(stream.await(all.size(), SUCCEEDED))
          .extracting(event -> event.path("data").path("delivery_id").asString())
          .containsExactlyInAnyOrderElementsOf(all.stream().map(Webhook::guid).toList());
      assertEachOffsetIsCountedOnce(survivor);
      assertEachEventIsPublishedOnce(survivor);
    } finally {
      if (firstLeads) {
        parts.start(List.of(Parts.Part.PR_SERVICE));
      }
      second.kill();
    }
  }

  @Test
  void twoIngressesTakeTheSameDeliveryAndItIsListedOnce() {
    int port = Ports.one();
    Service second = parts.launchBeside(Parts.Part.INGRESS, port).awaitReady(Slipway.START);
    List<Webhook> webhooks = send(parts.sender());

    Crowd.each(webhooks, 8, parts.sender().at(port)::send).forEach(answer -> answer.is(202));

    awaitListed(parts.api(), webhooks);
    parts.awaitCaughtUp(TAKE_OVER);
    assertThat(parts.api().deliveriesById()).containsKeys(ids(webhooks).toArray(String[]::new));
    assertEachOffsetIsCountedOnce(parts.api());
    second.terminate();
    assertThat(second.awaitExit(Duration.ofSeconds(30))).isIn(0, 143);
  }

  private static List<Webhook> send(WebhookSender sender) {
    List<Webhook> webhooks =
        IntStream.range(0, 48)
            .mapToObj(n ->
                Payloads.pullRequest(
                    "octo-org/twice-" + n % 24, 20_000 + n % 24, NUMBER.incrementAndGet()))
            .map(payload -> Webhook.json("pull_request", payload))
            .toList();
    Crowd.each(webhooks, 8, sender::send).forEach(answer -> answer.is(202));
    return webhooks;
  }

  private static void awaitListed(Api api, List<Webhook> webhooks) {
    awaitListed(api, webhooks, TAKE_OVER);
  }

  private static void awaitListed(Api api, List<Webhook> webhooks, Duration atMost) {
    Set<String> ids = ids(webhooks);
    await("all to be listed, each once")
        .atMost(atMost)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> api.deliveriesById().keySet().containsAll(ids));
  }

  private static void assertEachOffsetIsCountedOnce(Api api) {
    parts.installation().awaitCaughtUp(api, TAKE_OVER);
    assertThat(api.stages())
        .allSatisfy(partition ->
            assertThat(partition.seen()).as("%s", partition).isEqualTo(partition.nextOffset()));
  }

  private static void assertEachEventIsPublishedOnce(Api api) {
    long versions =
        api.list("/api/v1/pull-requests?limit=200").stream()
            .mapToLong(row -> row.path("version").asLong())
            .sum();
    assertThat(parts.installation().log().ids("pull-request.events"))
        .doesNotHaveDuplicates()
        .hasSize(Math.toIntExact(versions));
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private static Duration left(long killed) {
    return SUCCEEDED.minus(since(killed));
  }

  private static Set<String> ids(List<Webhook> webhooks) {
    return Set.copyOf(webhooks.stream().map(Webhook::guid).toList());
  }
}
