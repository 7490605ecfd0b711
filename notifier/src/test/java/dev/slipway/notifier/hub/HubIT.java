package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.notifier.hub.SseClient.Frame;
import dev.slipway.notifier.hub.TestLog.Note;
import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogPosition;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubIT {
  private static final String SITE = "/t/acme/repositories/acme/site";
  private static final String SITE_7 = "/t/acme/pull-requests/acme/site/7";
  private static final String TASK = "0190b2a0-0000-7000-8000-000000000001";

  private static TestLog log;
  private static TestNotifier notifier;

  @BeforeAll
  static void start() {
    log = new TestLog();
    notifier = TestNotifier.start(log, "--slipway.live.heartbeat=200ms");
  }

  @AfterAll
  static void stop() {
    notifier.close();
    log.close();
  }

  @Test
  void aStreamBeginsWithACursorAndGoesOnInOrder() {
    try (SseClient client = notifier.connect("acme", "")) {
      Frame first = client.frame();
      log.publish(Note.acme("1"), Note.acme("2"));
      log.publishAndAbort(Note.acme("0"));
      log.publish(Note.acme("3"));

      assertThat(client.events(3)).containsExactly("1", "2", "3");
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.headers())
          .containsEntry("content-type", "text/event-stream")
          .containsEntry("cache-control", "no-store")
          .containsEntry("x-accel-buffering", "no")
          .doesNotContainKey("content-encoding");
      assertThat(first.event()).isEqualTo("cursor");
      assertThat(first.data()).isEqualTo("{}");
      assertThat(Cursor.parse(first.id())).isPresent();
    }
  }

  @Test
  void aStreamIsTheUnionOfWhatItAsksFor() {
    String query = "repository=Acme/Site&pull_request=ACME/site%237&task_id=" + TASK;
    try (SseClient client = notifier.connect("acme", query);
        SseClient one = notifier.connect("acme", "pull_request=acme/site%237")) {
      client.frame();
      one.frame();
      log.publish(
          Note.acme("1", "/t/acme/repositories/acme/other"),
          Note.acme("2", SITE),
          Note.acme("3", SITE, SITE_7), // once, though it was asked for twice
          Note.acme("4", "/t/acme/tasks/" + TASK),
          Note.acme("5"),
          Note.acme("6", SITE_7));

      assertThat(client.events(4)).containsExactly("2", "3", "4", "6");
      assertThat(one.events(2)).containsExactly("3", "6");
    }
  }

  @Test
  void twoTenantsOfOnePartitionSeeNothingOfEachOther() {
    String other = sharingPartitionWith("acme");
    try (SseClient acme = notifier.connect("acme", "repository=acme/site");
        SseClient all = notifier.connect("acme", "");
        SseClient foreign = notifier.connect(other, "");
        SseClient posing = notifier.connect(other, "repository=acme/site")) {
      List.of(acme, all, foreign, posing).forEach(SseClient::frame);
      log.publish(
          new Note(other, List.of(SITE), "1"), // a topic of another tenant does not lead there
          Note.acme("2", SITE),
          new Note(other, List.of("/t/" + other + "/repositories/acme/site"), "3"),
          Note.acme("4", SITE),
          new Note(other, List.of("/t/" + other + "/repositories/acme/site"), "5"));

      assertThat(acme.events(2)).containsExactly("2", "4");
      assertThat(all.events(2)).containsExactly("2", "4");
      assertThat(foreign.events(3)).containsExactly("1", "3", "5");
      assertThat(posing.events(2)).containsExactly("3", "5");
    }
  }

  @Test
  void aLargeEventArrivesWhole() {
    String large = "\"" + "ü".repeat(300_000) + "\"";
    try (SseClient client = notifier.connect("acme", "")) {
      client.frame();
      log.publish(Note.acme(large), Note.acme("\"" + "x".repeat(12_000) + "\""), Note.acme("1"));

      assertThat(client.events(1)).containsExactly(large);
      assertThat(client.events(1).getFirst()).hasSize(12_002);
      assertThat(client.events(1)).containsExactly("1");
    }
  }

  @Test
  void aClientResumesFromMemoryAfterTheEventItSawLast() {
    String second;
    try (SseClient client = notifier.connect("acme", "repository=acme/site")) {
      client.frame();
      log.publish(Note.acme("1", SITE), Note.acme("2", SITE), Note.acme("3", SITE));
      client.event();
      second = client.event().id();
    }
    double scanned = notifier.meter("slipway.live.scanned.records");
    log.publish(Note.acme("4"), Note.acme("5", SITE));

    try (SseClient client = notifier.resume("acme", "repository=acme/site", second)) {
      Frame first = client.frame();
      log.publish(Note.acme("6", SITE));

      assertThat(first).isEqualTo(new Frame("cursor", second, "{}", ""));
      assertThat(client.events(3)).containsExactly("3", "5", "6");
    }
    String header = second;
    String address = "last_event_id=" + header;
    try (SseClient client = notifier.connect("acme", address);
        SseClient both = notifier.resume("acme", "last_event_id=nonsense", header)) {
      assertThat(client.events(4)).containsExactly("3", "4", "5", "6");
      assertThat(both.events(4)).containsExactly("3", "4", "5", "6");
    }
    assertThat(notifier.meter("slipway.live.scanned.records")).isEqualTo(scanned);
  }

  @ParameterizedTest
  @CsvSource({"malformed", "foreign", "unknown", "beyond", "newer"})
  void aCursorOfNoUseIsToldAtOnceAndTheStreamGoesOn(String what) {
    Cursor good = cursor();
    UUID topicId = good.topicId();
    LogPosition at = good.position();
    LogPosition beyond = new LogPosition(at.epoch(), at.offset() + 1_000);
    LogPosition newer = new LogPosition(Integer.MAX_VALUE, at.offset());
    String cursor =
        switch (what) {
          case "malformed" -> "nonsense";
          case "foreign" -> Cursor.of(topicId, good.partition(), at, "other").text();
          case "unknown" -> Cursor.of(UUID.randomUUID(), good.partition(), at, "acme").text();
          case "beyond" -> Cursor.of(topicId, good.partition(), beyond, "acme").text();
          default -> Cursor.of(topicId, good.partition(), newer, "acme").text();
        };
    String reason = List.of("beyond", "newer").contains(what) ? "unknown" : what;

    try (SseClient client = notifier.resume("acme", "pull_request=acme/site%237", cursor)) {
      Frame reset = client.frame();
      Frame moved = client.frame();
      log.publish(Note.acme("1", SITE_7));

      assertThat(reset.event()).isEqualTo("reset");
      assertThat(reset.data())
          .isEqualTo(
              "{\"type\":\"reset\",\"reason\":\"%s\",\"snapshot\":[\"/api/v1/pull-requests/acme/site/7\"]}"
                  .formatted(reason));
      assertThat(moved).isEqualTo(new Frame("cursor", reset.id(), "{}", ""));
      assertThat(client.events(1)).containsExactly("1");
    }
  }

  @Test
  void aHeartbeatSaysHowFarAQuietStreamHasCome() throws Exception {
    try (SseClient client = notifier.connect("acme", "repository=acme/quiet")) {
      String first = client.frame().id();
      Frame beat = client.next();
      log.publish(Note.acme("1"), Note.acme("2"));
      Frame moved = client.frame();

      assertThat(beat).isEqualTo(new Frame("", "", "", "heartbeat"));
      assertThat(moved.event()).isEqualTo("cursor");
      assertThat(offset(moved.id())).isGreaterThanOrEqualTo(offset(first) + 2);
    }
  }

  @Test
  void aStreamEndsWithItsToken() {
    String token = TestNotifier.token("acme", "bob", Duration.ofSeconds(2), Scope.EVENTS);
    double before = notifier.ended(EndReason.TOKEN_EXPIRED);

    try (SseClient client = SseClient.connect(notifier.port(), token, "", "")) {
      assertThat(client.ends()).isTrue();
    }
    assertThat(notifier.ended(EndReason.TOKEN_EXPIRED)).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "repository=acme,                 repository,   malformed",
    "repository=a/b/c,                repository,   malformed",
    "pull_request=acme/site,          pull_request, malformed",
    "pull_request=acme/site%230,      pull_request, malformed",
    "task_id=7,                       task_id,      malformed",
    "execution_id=,                   execution_id, malformed",
    "squad_id=%0A,                    squad_id,     malformed",
    "colour=blue,                     colour,       unknown_field"
  })
  void aParameterThatMeansNothingIsRefused(String query, String field, String code) {
    try (SseClient client = notifier.connect("acme", query)) {
      assertThat(client.status()).isEqualTo(422);
      assertThat(client.headers()).containsEntry("content-type", "application/problem+json");
      assertThat(client.body())
          .contains("\"code\":\"invalid\"", "\"field\":\"" + field, "\"code\":\"" + code);
    }
  }

  @Test
  void asManyFiltersAsAStreamTakesFitIntoItsAddress() {
    String longest = "&pull_request=" + "o".repeat(39) + "/" + "r".repeat(97);
    StringBuilder query = new StringBuilder("task_id=" + TASK);
    for (int i = 100; i < 299; i++) {
      query.append(longest).append(i).append("%23999999999999999999");
    }

    try (SseClient most = notifier.connect("acme", query.toString());
        SseClient more = notifier.connect("acme", query + "&agent_id=a")) {
      most.frame();
      log.publish(Note.acme("1", "/t/acme/tasks/" + TASK));

      assertThat(most.events(1)).containsExactly("1");
      assertThat(more.status()).isEqualTo(422);
      assertThat(more.body()).contains("too_many");
    }
  }

  @Test
  void aClientOfHttp10GetsPlainFramesUntilTheConnectionEnds() throws IOException {
    String token = TestNotifier.token("acme", "bob", Duration.ofSeconds(2), Scope.EVENTS);
    String request =
        String.join(
            "\r\n",
            "GET /api/v1/events?repository=acme/old HTTP/1.0",
            "Connection: keep-alive",
            "Authorization: Bearer " + token,
            "",
            "");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), notifier.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 200 OK\r\n")
          .doesNotContainIgnoringCase("transfer-encoding");
      assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
          .matches("event: cursor\nid: [\\w-]+\ndata: \\{}\n\n(: heartbeat\n\n)+");
    }
  }

  @Test
  void onlyATokenForEventsOpensAStream() {
    String other = TestNotifier.token("acme", "bob", Duration.ofMinutes(1), Scope.TASKS);

    try (SseClient none = SseClient.connect(notifier.port(), "", "", "");
        SseClient wrong = SseClient.connect(notifier.port(), "nonsense", "", "");
        SseClient scope = SseClient.connect(notifier.port(), other, "", "")) {
      assertThat(none.status()).isEqualTo(401);
      assertThat(wrong.status()).isEqualTo(401);
      assertThat(scope.status()).isEqualTo(403);
      assertThat(none.body()).contains("\"code\":\"unauthenticated\"");
      assertThat(scope.body()).contains("\"code\":\"forbidden\"");
    }
  }

  private static Cursor cursor() {
    try (SseClient client = notifier.connect("acme", "")) {
      return Cursor.parse(client.frame().id()).orElseThrow();
    }
  }

  private static long offset(String cursor) {
    return Cursor.parse(cursor).orElseThrow().position().offset();
  }

  private static String sharingPartitionWith(String tenant) {
    LogExtent extent =
        new LogExtent(
            UUID.randomUUID(),
            Collections.nCopies(12, new LogExtent.Range(0, LogPosition.at(0))),
            0);
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "tenant-" + i)
        .filter(name -> extent.partitionOf(name) == extent.partitionOf(tenant))
        .findFirst()
        .orElseThrow();
  }
}
