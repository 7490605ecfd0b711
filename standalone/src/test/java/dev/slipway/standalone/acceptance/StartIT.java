package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Starts and ends, gentle and not.
@Tag("slow")
class StartIT {
  private static final Duration SECOND_START = Duration.ofSeconds(20);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final Slipway slipway = Slipway.fresh();

  @AfterEach
  void close() {
    slipway.close();
  }

  @Test
  void sigtermEndsAllWithinThirtySecondsAndTheNextStartServesTheOldStateInTwenty() {
    Service first = slipway.up();
    Webhook webhook = aWebhook();
    String token = slipway.token();
    slipway.sender().send(webhook).is(202);
    JsonNode before = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(20));
    List<ProcessHandle> children = first.children();
    assertThat(children).as("Postgres and the registry").hasSizeGreaterThanOrEqualTo(2);

    first.terminate();
    int _ = first.awaitExit(STOP);
    await("the children to end")
        .atMost(STOP)
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(slipway.processes()).isEmpty();
    assertThat(IntStream.range(slipway.port(), slipway.port() + 7).filter(Ports::taken)).isEmpty();

    Service second = slipway.start("up").awaitReady(SECOND_START);

    assertThat(second.readyLine()).contains("slipway ready " + slipway.url());
    assertThat(slipway.token()).isEqualTo(token);
    slipway.api().get("/readyz").is(200);
    assertThat(slipway.api().find(webhook.guid())).contains(before);
    assertThat(slipway.api().deliveriesById()).containsOnlyKeys(webhook.guid());
  }

  @Test
  void afterASigkillTheNextStartEndsItsOwnOrphansOnlyAndServesTheOldState() {
    try (Slipway other = Slipway.fresh()) {
      other.up().kill();
      List<Long> others = other.processes().stream().map(ProcessHandle::pid).toList();
      assertThat(others).as("orphans of another data directory").isNotEmpty();
      Service first = slipway.up();
      Webhook webhook = aWebhook();
      slipway.sender().send(webhook).is(202);
      first.kill();
      assertThat(slipway.processes()).as("orphans of this data directory").isNotEmpty();

      Service second = slipway.up();

      JsonNode delivery = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(8));
      assertThat(delivery.path("delivery_id").asString()).isEqualTo(webhook.guid());
      assertThat(other.processes()).extracting(ProcessHandle::pid).containsAll(others);
      second.terminate();
      int _ = second.awaitExit(STOP);
      await("no orphan to be left").atMost(STOP).until(() -> slipway.processes().isEmpty());
    }
  }

  @Test
  void aStartOnATakenPortEndsWithThreeAndNamesIt() throws IOException {
    int taken = slipway.port() + 3;
    try (var _ = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {

      Service up = slipway.start("up");

      assertThat(up.awaitExit(Slipway.START)).isEqualTo(3);
      assertThat(up.printed()).contains(Integer.toString(taken)).doesNotContain("\tat ");
      assertThat(slipway.processes()).isEmpty();
    }
  }

  private static Webhook aWebhook() {
    return Webhook.json("pull_request", Payloads.pullRequest("octo-org/start", 4711, 1));
  }
}
