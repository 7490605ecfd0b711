package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Starts and ends, gentle and not.
@Tag("slow")
class StartIT {
  private static final Duration SECOND_START = Duration.ofSeconds(20);
  private static final Duration STOP = Duration.ofSeconds(30);

  private static Slipway slipway;

  /// What every test finds running, and leaves running.
  private static Service up;

  @BeforeAll
  static void start() {
    slipway = Slipway.fresh();
    up = slipway.up();
  }

  @AfterAll
  static void close() {
    slipway.close();
  }

  @Test
  void sigtermEndsAllWithinThirtySecondsAndTheNextStartServesTheOldStateInTwenty()
      throws IOException {
    Webhook webhook = aWebhook();
    String token = slipway.token();
    slipway.sender().send(webhook).is(202);
    JsonNode before = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(20));
    Map<Integer, Long> ends = slipway.log().ends(Log.DELIVERIES);
    List<ProcessHandle> children = up.children();
    assertThat(children).as("Postgres and the registry").hasSizeGreaterThanOrEqualTo(2);

    up.terminate();
    int _ = up.awaitExit(STOP);
    await("the children to end")
        .atMost(STOP)
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(slipway.processes()).isEmpty();
    assertThat(IntStream.range(slipway.port(), slipway.port() + 7).filter(Ports::taken)).isEmpty();
    // What is left is a data directory of a version whose Kafka and registry asked nobody.
    for (String file : List.of("kafka-password", "registry-password", "kafka.properties")) {
      Files.delete(slipway.data().resolve(file));
    }

    up = slipway.start("up").awaitReady(SECOND_START);

    assertThat(up.readyLine()).contains("slipway ready " + slipway.url());
    assertThat(slipway.token()).isEqualTo(token);
    assertThat(slipway.log().ends(Log.DELIVERIES)).isEqualTo(ends);
    assertThat(slipway.file("registry-password")).matches("[A-Za-z0-9._-]+");
    slipway.api().get("/readyz").is(200);
    assertThat(slipway.api().find(webhook.guid())).contains(before);
  }

  @Test
  void afterASigkillTheNextStartEndsItsOwnOrphansOnlyAndServesTheOldState() {
    try (Slipway other = Slipway.fresh()) {
      other.start("run", "infra").awaitReady(Slipway.START).kill();
      List<Long> others = other.processes().stream().map(ProcessHandle::pid).toList();
      assertThat(others).as("orphans of another data directory").isNotEmpty();
      Webhook webhook = aWebhook();
      slipway.sender().send(webhook).is(202);
      up.kill();
      List<ProcessHandle> orphans = slipway.processes();
      assertThat(orphans).as("orphans of this data directory").isNotEmpty();

      up = slipway.up();

      assertThat(orphans).noneMatch(ProcessHandle::isAlive);
      JsonNode delivery = slipway.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(8));
      assertThat(delivery.path("delivery_id").asString()).isEqualTo(webhook.guid());
      assertThat(other.processes()).extracting(ProcessHandle::pid).containsAll(others);
    }
  }

  @Test
  void sandboxesAreOnThePortBehindItsOwnOrTheTableSaysWhyNot() {
    assertThat(up.printed()).containsPattern("local E2B +(http://|none: bubblewrap)");

    String url = slipway.endpoints().path("e2b").asString("");
    if (!url.isEmpty()) {
      assertThat(url).isEqualTo("http://127.0.0.1:" + (slipway.port() + 1));
      Http.send(
              HttpRequest.newBuilder(URI.create(url + "/v2/sandboxes"))
                  .header("X-API-KEY", slipway.file("e2b-api-key"))
                  .build())
          .is(200);
    }
  }

  @Test
  void aStartOnATakenPortEndsWithThreeAndNamesIt() throws IOException {
    try (Slipway other = Slipway.fresh()) {
      int taken = other.port() + 3;
      try (var _ = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {

        Service start = other.start("up");

        assertThat(start.awaitExit(Slipway.START)).isEqualTo(3);
        assertThat(start.printed()).contains(Integer.toString(taken)).doesNotContain("\tat ");
        assertThat(other.processes()).isEmpty();
      }
    }
  }

  @Test
  void aStartWithoutRoomEndsWithThreeAndSaysWhatToDo() {
    try (Slipway other = Slipway.fresh()) {

      Service start = other.startWith(Map.of("SLIPWAY_DISK_FLOOR", "1TB"), "up");

      assertThat(start.awaitExit(Slipway.START)).isEqualTo(3);
      assertThat(start.printed())
          .contains("MB are free", other.data().toString(), "make room", "SLIPWAY_DISK_FLOOR")
          .doesNotContain("\tat ");
      assertThat(other.data()).doesNotExist();
    }
  }

  private static Webhook aWebhook() {
    return Webhook.json("pull_request", Payloads.pullRequest("octo-org/start", 4711, 1));
  }
}
