package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TopicHistoryIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static Parts parts;

  @BeforeAll
  static void start() {
    parts = Parts.started();
  }

  @AfterAll
  static void close() {
    parts.close();
  }

  @Test
  void aPoisonRecordBecomesADeadLetterWithItsCauseAndItsPartitionGoesOn() {
    awaitListed(send(1));
    byte[] poison = "this is no Avro".getBytes(UTF_8);
    Log log = parts.installation().log();

    log.writeEverywhere(Log.DELIVERIES, poison);
    List<Webhook> after = send(2);

    awaitListed(after);
    parts.awaitCaughtUp(SOON);
    int partitions = log.ends(Log.DELIVERIES).size();
    var deadLetters = log.read(Log.DEAD_LETTERS);
    assertThat(deadLetters).hasSize(partitions);
    Set<Integer> sources = new HashSet<>();
    for (var deadLetter : deadLetters) {
      assertThat(deadLetter.value()).isEqualTo(poison);
      assertThat(StreamSupport.stream(deadLetter.headers().spliterator(), false).map(Header::key))
          .as("headers name the cause")
          .anyMatch(name -> name.contains("cause") || name.contains("reason"));
      sources.add(deadLetter.partition());
    }
    assertThat(sources).as("partitioned as the source").hasSize(partitions);
    assertThat(parts.api().stages()).allSatisfy(row -> assertThat(row.dead()).isEqualTo(1));
    assertThat(parts.api().get("/readyz").status()).isEqualTo(200);
  }

  @Test
  void aRecreatedTopicIsReadFromItsBeginningAndSaidToBeLost() {
    List<Webhook> before = send(1);
    awaitListed(before);
    parts.awaitCaughtUp(SOON);

    parts.installation().log().deleteTopic(Log.DELIVERIES);
    awaitDetail("kafka", "run `./slipway topics apply`", 503);
    parts.installation().command("topics", "apply").exited(0);

    awaitListed(send(2));
    parts.awaitCaughtUp(SOON);
    awaitListed(before);
    awaitDetail("stages", "the topic was made anew", 200);
    assertThat(parts.api().metric("slipway_stage_rewound_total")).isPositive();
  }

  private void awaitDetail(String part, String sentence, int status) {
    await("%d and %s of %s".formatted(status, sentence, part))
        .atMost(SOON)
        .until(() -> {
          Answer answer = parts.api().get("/readyz");
          return answer.status() == status
              && answer.json().path("details").path(part).asString("").contains(sentence);
        });
  }

  @Test
  void aTruncatedTopicIsReadFromItsBeginning() {
    List<Webhook> before = send(2);
    awaitListed(before);
    parts.awaitCaughtUp(SOON);
    Service infra = parts.service(Parts.Part.INFRA);

    infra.terminate();
    int _ = infra.awaitExit(SOON);
    emptyLogs();
    parts.start(List.of(Parts.Part.INFRA));
    parts.awaitReady(Parts.Part.INGRESS);
    parts.awaitReady(Parts.Part.PR_SERVICE);

    awaitListed(send(1));
    parts.awaitCaughtUp(SOON);
    awaitListed(before);
  }

  @Test
  @Order(Integer.MAX_VALUE) // the stage stays stopped
  void recordsThatAreGoneBeforeTheyWereReadStopTheStageWithAnAlarm() {
    awaitListed(send(1));
    parts.awaitCaughtUp(SOON);
    Map<Integer, Long> positions = positions();
    parts.service(Parts.Part.PR_SERVICE).kill();
    List<Webhook> lost = send(1);
    parts.installation().log().deleteRecords(Log.DELIVERIES);

    Service _ = parts.launch(Parts.Part.PR_SERVICE);

    await("the alarm")
        .atMost(SOON)
        .until(() ->
            parts
                .api()
                .tryGet("/readyz")
                .filter(answer -> answer.status() == 503)
                .map(answer -> answer.json().path("checks").path("stages").toString())
                .filter(stages -> stages.contains("DOWN"))
                .isPresent());
    List<Webhook> later = send(1);
    assertThat(parts.api().get("/healthz").status()).isEqualTo(200);
    assertThat(positions()).as("it skips nothing").isEqualTo(positions);
    assertThat(parts.api().deliveriesById().keySet())
        .doesNotContainAnyElementsOf(lost.stream().map(Webhook::guid).toList())
        .doesNotContainAnyElementsOf(later.stream().map(Webhook::guid).toList());
  }

  /// Two dozen webhooks of as many repositories, so that each partition gets some, so many times.
  private List<Webhook> send(int times) {
    return IntStream.range(0, 24 * times)
        .mapToObj(n -> Payloads.pullRequest("octo-org/history-" + n % 24, 50_000 + n % 24, n))
        .map(payload -> Webhook.json("pull_request", payload))
        .peek(this::sendUntilAccepted)
        .toList();
  }

  private void sendUntilAccepted(Webhook webhook) {
    await("202 for " + webhook)
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(() ->
            parts.sender().trySend(webhook).filter(answer -> answer.status() == 202).isPresent());
  }

  private void awaitListed(List<Webhook> webhooks) {
    for (Webhook webhook : webhooks) {
      var _ = parts.api().awaitDelivery(webhook.guid(), SOON);
    }
  }

  private Map<Integer, Long> positions() {
    return parts.api().stages().stream()
        .collect(toMap(StageCounts::partition, StageCounts::nextOffset));
  }

  /// What a broker that lost its disk's latest writes would be left with, seen at its worst.
  private void emptyLogs() {
    try (Stream<Path> files = Files.walk(parts.installation().data())) {
      List<Path> records =
          files
              .filter(Files::isRegularFile)
              .filter(file -> folderName(file).startsWith(Log.DELIVERIES + "-"))
              .filter(file -> !file.endsWith("partition.metadata"))
              .toList();
      assertThat(records).isNotEmpty();
      for (Path file : records) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String folderName(Path file) {
    return file.getName(file.getNameCount() - 2).toString();
  }
}
