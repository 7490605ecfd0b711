package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Tag("slow")
class OutageIT {
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("slipway.outage.seconds", 7));
  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  private static Parts parts;
  private static int sent;

  private final List<Webhook> accepted = new ArrayList<>();
  private String repository = "octo-org/outage";

  @BeforeAll
  static void start() {
    parts = Parts.started();
  }

  @AfterAll
  static void close() {
    parts.close();
  }

  @Test
  void aStoppedThenKilledDatabaseNeverHoldsUpTheIngressAndTheListCatchesUp() {
    Webhook before = send();
    parts.api().awaitDelivery(before.guid(), CATCH_UP);
    List<ProcessHandle> database = database();

    database.forEach(Signals::stop);
    sendDuringOutage();
    assertThat(parts.api().tryGet("/healthz").map(Answer::status)).contains(200);
    database.forEach(Signals::goOn);
    awaitAllListed();

    List<ProcessHandle> again = database();
    again.forEach(Signals::stop);
    sendDuringOutage();
    again.forEach(ProcessHandle::destroyForcibly);
    parts.service(Parts.Part.INFRA).killWithChildren();
    parts.start(List.of(Parts.Part.INFRA));
    parts.awaitReady(Parts.Part.INGRESS);
    awaitAllListed();
  }

  @Test
  void withoutKafkaTheIngressSaysSoAtOnceAndRecoversWithoutARestart() {
    Webhook before = send();
    parts.api().awaitDelivery(before.guid(), CATCH_UP);
    Service infra = parts.service(Parts.Part.INFRA);

    infra.freeze();
    awaitRefusal();
    assertRefusedAtOnce();
    infra.thaw();
    awaitRecovery();
    awaitAllListed();

    infra.killWithChildren();
    awaitRefusal();
    assertRefusedAtOnce();
    parts.start(List.of(Parts.Part.INFRA));
    awaitRecovery();
    awaitAllListed();
    assertThat(parts.service(Parts.Part.INGRESS).alive()).isTrue();
    assertThat(parts.service(Parts.Part.PR_SERVICE).alive()).isTrue();
  }

  @Test
  void aDeadNotifierHoldsNothingUpAndWhoeverComesBackMissesNothing() {
    String cursor = cursor();
    repository = "octo-org/unwatched";
    parts.service(Parts.Part.NOTIFIER).kill();

    sendDuringOutage();
    awaitAllListed();
    assertAllAreRows();

    parts.start(List.of(Parts.Part.NOTIFIER));
    assertAllAreSeenSince(cursor);
  }

  @Test
  void withoutTheirTopicNotificationsHoldNothingUpAndAGapIsToldOfLater() {
    String cursor = cursor();
    repository = "octo-org/unannounced";
    parts.installation().log().deleteTopic("notifications");
    awaitReadiness(parts.events(), 503, "kafka", "DOWN", "run `./slipway topics apply`");
    awaitReadiness(parts.api(), 200, "kafka", "DEGRADED", "run `./slipway topics apply`");
    awaitQuietNotifier();

    sendDuringOutage();
    awaitAllListed();
    assertAllAreRows();

    List<String> events = events();
    await("the events to be published without their notifications")
        .atMost(CATCH_UP)
        .until(() -> parts.installation().log().ids("pull-request.events").containsAll(events));
    parts.service(Parts.Part.NOTIFIER).freeze(); // who publishes hears of the topic first
    String _ = parts.installation().command("topics", "apply").succeeded();
    await("the gap to be told of, and nothing else")
        .atMost(CATCH_UP)
        .until(() -> parts.installation().log().types("notifications").equals(List.of("gap")));
    parts.service(Parts.Part.NOTIFIER).thaw();
    try (EventStream stream = resumed(cursor)) {
      String next = send().guid();
      assertThat(stream.await("pull_request.opened", CATCH_UP).at("/data/delivery_id").asString())
          .isEqualTo(next);
    }
  }

  @Test
  void aRegistryThatIsStoppedIsNoticedAndWebhooksGoOn() {
    Webhook before = send();
    parts.api().awaitDelivery(before.guid(), CATCH_UP);
    ProcessHandle registry = registry();

    Signals.stop(registry);
    try {
      Api ingress = new Api(parts.sender().base(), "");
      awaitReadiness(ingress, 200, "registry", "DEGRADED", "does not answer: start it");
      awaitReadiness(parts.api(), 200, "registry", "DEGRADED", "does not answer: start it");
      Webhook during = send();
      parts.api().awaitDelivery(during.guid(), CATCH_UP);
    } finally {
      Signals.goOn(registry);
    }

    await("the registry to be up again")
        .atMost(CATCH_UP)
        .until(() -> check(parts.api().get("/readyz"), "registry").equals("UP"));
  }

  @Test
  void aStageThatWasPausedForLongGoesOnAndListsNothingTwice() {
    Webhook before = send();
    parts.api().awaitDelivery(before.guid(), CATCH_UP);
    Service stage = parts.service(Parts.Part.PR_SERVICE);

    stage.freeze();
    sendDuringOutage();
    stage.thaw();

    awaitAllListed();
    assertThat(stage.alive()).isTrue();
  }

  /// Webhooks all the while, each answered with 202.
  private void sendDuringOutage() {
    long end = System.nanoTime() + OUTAGE.toNanos();
    await("the outage to be over")
        .atMost(OUTAGE.plusSeconds(20))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          Webhook _ = send();
          return System.nanoTime() >= end;
        });
  }

  /// Where a client of the live events begins that comes now.
  private String cursor() {
    Webhook before = send();
    parts.api().awaitDelivery(before.guid(), CATCH_UP);
    accepted.clear();
    return parts.api().cursor(repository, sent);
  }

  private void assertAllAreRows() {
    assertThat(parts.api().list("/api/v1/pull-requests?limit=200&repository=" + repository))
        .hasSameSizeAs(accepted);
  }

  /// The ids of the events that the accepted webhooks led to, sorted.
  private List<String> events() {
    return accepted.stream()
        .flatMap(webhook ->
            parts.api().find(webhook.guid()).orElseThrow().path("event_ids").valueStream())
        .map(JsonNode::asString)
        .sorted()
        .toList();
  }

  /// It does not ask for what is not there as fast as it can, a line for each answer.
  private static void awaitQuietNotifier() {
    var before = new AtomicLong(bytesOfNotifierLogs());
    await("less than 64 KiB a second in the notifier's log")
        .atMost(CATCH_UP)
        .pollDelay(Duration.ofSeconds(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          long now = bytesOfNotifierLogs();
          return now - before.getAndSet(now) < 64 * 1_024;
        });
  }

  private static long bytesOfNotifierLogs() {
    try (Stream<Path> files = Files.list(parts.installation().data().resolve("logs"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("notifier"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A client that comes back until it is told that it has missed something. Before, the notifier
  /// may not have heard that there is another topic: such a stream ends.
  private EventStream resumed(String cursor) {
    String query = "repository=" + repository + "&last_event_id=" + cursor;
    return await("a client to be told of the gap")
        .atMost(CATCH_UP)
        .until(
            () -> {
              EventStream stream = EventStream.of(parts.events(), query);
              if (!stream.beginsWith("event: reset")) {
                stream.close();
                return Optional.<EventStream>empty();
              }
              return Optional.of(stream);
            },
            Optional::isPresent)
        .orElseThrow();
  }

  private void assertAllAreSeenSince(String cursor) {
    String query = "repository=" + repository + "&last_event_id=" + cursor;
    try (EventStream stream = EventStream.of(parts.events(), query)) {
      assertThat(stream.await(accepted.size(), CATCH_UP))
          .extracting(event -> event.path("data").path("delivery_id").asString())
          .containsExactlyInAnyOrderElementsOf(accepted.stream().map(Webhook::guid).toList());
    }
  }

  private void awaitRefusal() {
    await("503")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> post(webhook()).map(Answer::status), status -> status.equals(Optional.of(503)));
  }

  private void assertRefusedAtOnce() {
    // It waits up to 8 s for an acknowledgement; once it knows, it does not wait.
    await("a refusal at once")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          long start = System.nanoTime();
          Answer answer = parts.sender().send(webhook());
          Answer _ = answer.isProblem(503, "unavailable");
          assertThat(answer.header("retry-after"))
              .hasValueSatisfying(value -> assertThat(Integer.parseInt(value)).isPositive());
          return Duration.ofNanos(System.nanoTime() - start).toMillis() < 1_000;
        });
    Api ingress = new Api(parts.sender().base(), "");
    await("an ingress that is not ready")
        .atMost(Duration.ofSeconds(10))
        .until(() -> ingress.get("/readyz").status() == 503);
  }

  private static void awaitReadiness(
      Api api, int status, String part, String expected, String sentence) {
    await("%s %s".formatted(part, expected))
        .atMost(CATCH_UP)
        .untilAsserted(() -> {
          Answer answer = api.get("/readyz");
          assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
          assertThat(check(answer, part)).as("%s", answer.body()).isEqualTo(expected);
          assertThat(answer.json().path("details").path(part).asString("")).contains(sentence);
        });
  }

  private static String check(Answer readiness, String part) {
    return readiness.json().path("checks").path(part).asString("");
  }

  private static ProcessHandle registry() {
    return parts.service(Parts.Part.INFRA).children().stream()
        .filter(child -> child.info().commandLine().orElse("").contains("-Dquarkus.http.port="))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no registry runs"));
  }

  private void awaitRecovery() {
    Webhook webhook = webhook();
    await("202 again")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> post(webhook).map(Answer::status), status -> status.equals(Optional.of(202)));
    accepted.add(webhook);
  }

  private void awaitAllListed() {
    List<String> expected = accepted.stream().map(Webhook::guid).toList();
    await("all accepted webhooks to be listed, each once")
        .atMost(CATCH_UP)
        .pollInterval(Duration.ofMillis(200))
        .until(() ->
            parts
                .api()
                .tryGet("/readyz")
                .filter(answer -> answer.status() == 200)
                .map(_ -> parts.api().deliveriesById().keySet().containsAll(expected))
                .orElse(false));
  }

  private List<ProcessHandle> database() {
    ProcessHandle server = parts.installation().database();
    return Stream.concat(Stream.of(server), server.descendants()).toList();
  }

  private Webhook send() {
    Webhook webhook = webhook();
    parts.sender().send(webhook).is(202);
    accepted.add(webhook);
    return webhook;
  }

  private Optional<Answer> post(Webhook webhook) {
    return parts.sender().trySend(webhook);
  }

  private Webhook webhook() {
    sent++;
    return Webhook.json(
        "pull_request",
        Payloads.pullRequest(repository, Math.floorMod(repository.hashCode(), 60_000), sent));
  }
}
