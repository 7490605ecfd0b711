package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.notifier.hub.SseClient.Frame;
import dev.slipway.notifier.hub.TestLog.Note;
import dev.slipway.pipeline.live.Cursor;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ResumeIT {
  private static final int CUTS = Integer.getInteger("slipway.resume.cuts", 300);

  /// Little in memory and nothing of what was before the start, so that the past is read from
  /// Kafka.
  private static final String[] FORGETFUL = {
    "--slipway.live.heartbeat=200ms",
    "--slipway.live.warm-up-records=0",
    "--slipway.live.ring-size=20KB",
    "--slipway.live.scan-size=16KB",
    "--slipway.live.queue-size=64KB"
  };

  private static final String SITE = "/t/acme/repositories/acme/site";

  private static TestLog log;
  private static TestNotifier first;

  @BeforeAll
  static void start() {
    log = new TestLog();
    first = TestNotifier.start(log, FORGETFUL);
  }

  @AfterAll
  static void stop() {
    first.close();
    log.close();
  }

  @Test
  void aClientResumesFromKafkaOnAnotherInstance() {
    String seen;
    try (SseClient client = first.connect("acme", "repository=acme/site")) {
      client.frame();
      log.publish(Note.acme("0", SITE), Note.acme("1", SITE));
      seen = client.event().id();
    }
    publish(2, 600);

    try (TestNotifier second = TestNotifier.start(log, FORGETFUL);
        SseClient client = second.resume("acme", "repository=acme/site", seen)) {
      assertThat(client.events(599)).isEqualTo(numbers(1, 600));
      publish(600, 620);
      assertThat(client.events(20)).isEqualTo(numbers(600, 620));
      assertThat(second.meter("slipway.live.scanned.records")).isGreaterThan(500);
    }
    // and on the first, which has long forgotten
    try (SseClient client = first.resume("acme", "repository=acme/site", seen)) {
      assertThat(client.events(619)).isEqualTo(numbers(1, 620));
    }
  }

  @Test
  void aQuietFilteredClientReadsNoMoreThanSinceItsLastHeartbeat() {
    String seen;
    try (SseClient client = first.connect("acme", "repository=acme/quiet")) {
      client.frame();
      RecordMetadata last = log.publish(notes(0, 500));
      Frame moved = client.frame();
      while (offset(moved) <= last.offset()) {
        moved = client.frame();
      }
      seen = moved.id();
    }
    publish(500, 520);

    try (TestNotifier second = TestNotifier.start(log, FORGETFUL);
        SseClient client = second.resume("acme", "repository=acme/quiet", seen)) {
      log.publish(Note.acme("1", "/t/acme/repositories/acme/quiet"));

      assertThat(client.events(1)).containsExactly("1");
      assertThat(second.meter("slipway.live.scanned.records")).isBetween(1.0, 21.0);
    }
  }

  @Test
  void whatIsNoLongerKeptIsToldAtOnce() {
    String old;
    try (SseClient client = first.connect("expiring", "")) {
      old = client.frame().id();
    }
    Cursor cursor = Cursor.parse(old).orElseThrow();
    RecordMetadata last =
        log.publish(new Note("expiring", List.of(), "1"), new Note("expiring", List.of(), "2"));
    log.deleteRecords(cursor.partition(), last.offset());
    first.awaitStart(cursor.partition(), last.offset());

    try (SseClient client = first.resume("expiring", "", old)) {
      Frame reset = client.frame();

      assertThat(reset.event()).isEqualTo("reset");
      assertThat(reset.data())
          .isEqualTo(
              "{\"type\":\"reset\",\"reason\":\"expired\",\"snapshot\":[\"/api/v1/pull-requests\",\"/api/v1/tasks\",\"/api/v1/sandboxes\"]}");
    }
  }

  @Test
  void aGapResetsTheClientsOfItsPartitionLiveAndThoseThatResumeBeforeIt() {
    String before;
    try (SseClient live = first.connect("gapped", "repository=acme/site")) {
      before = live.frame().id();
      log.publish(new Note("gapped", List.of("/t/gapped/repositories/acme/site"), "1"));
      assertThat(live.events(1)).containsExactly("1");

      RecordMetadata gap = log.publishGap("gapped");
      log.publish(new Note("gapped", List.of("/t/gapped/repositories/acme/site"), "2"));

      assertReset(live, gap);
      assertThat(live.events(1)).containsExactly("2");
      try (SseClient resumed = first.resume("gapped", "repository=acme/site", before)) {
        assertThat(resumed.frame().event()).isEqualTo("cursor");
        assertThat(resumed.events(1)).containsExactly("1");
        assertReset(resumed, gap);
        assertThat(resumed.events(1)).containsExactly("2");
      }
    }
  }

  /// Told once, however many topics a client asked for.
  @Test
  void aGapIsToldOnceAndNotToWhoeverComesBehindIt() {
    String query = "repository=acme/site&repository=acme/other";
    String behind;
    try (SseClient live = first.connect("gaponce", query)) {
      live.frame();
      RecordMetadata gap = log.publishGap("gaponce");
      behind = assertReset(live, gap);
      log.publish(new Note("gaponce", List.of("/t/gaponce/repositories/acme/site"), "1"));
      assertThat(pastCursors(live).isEvent()).isTrue();
    }
    try (SseClient resumed = first.resume("gaponce", query, behind)) {
      assertThat(resumed.frame().event()).isEqualTo("cursor");
      assertThat(resumed.events(1)).containsExactly("1");
    }
  }

  private static String assertReset(SseClient client, RecordMetadata gap) {
    Frame reset = pastCursors(client);
    assertThat(reset.event()).isEqualTo("reset");
    assertThat(reset.data())
        .contains("\"reason\":\"expired\"", "/api/v1/pull-requests?repository=");
    assertThat(offset(reset)).isEqualTo(gap.offset() + 1);
    Frame cursor = client.frame();
    assertThat(cursor.event()).isEqualTo("cursor");
    assertThat(cursor.id()).isEqualTo(reset.id());
    return cursor.id();
  }

  /// The next frame that is no heartbeat's.
  private static Frame pastCursors(SseClient client) {
    Frame frame = client.frame();
    while (frame.event().equals("cursor")) {
      frame = client.frame();
    }
    return frame;
  }

  @Test
  void aTopicThatWasMadeAnewResetsItsClients() {
    try (TestLog own = new TestLog();
        TestNotifier notifier = TestNotifier.start(own, FORGETFUL);
        SseClient client = notifier.connect("acme", "")) {
      client.frame();
      own.publish(Note.acme("1"));
      String seen = client.event().id();
      own.deleteTopic();
      own.createTopic();

      assertThat(client.ends()).isTrue();
      notifier.awaitCaughtUp();
      try (SseClient again = notifier.resume("acme", "", seen)) {
        assertThat(again.frame().data()).contains("\"reason\":\"unknown\"");
        own.publish(Note.acme("2"));
        assertThat(again.events(1)).containsExactly("2");
      }
    }
  }

  @Tag("slow")
  @Test
  void aClientCutOffAtRandomPointsMissesNothingAndSeesNothingTwice() {
    try (TestNotifier second = TestNotifier.start(log, FORGETFUL);
        CutOffClient client = new CutOffClient("cutoff", new Random(7), first, second)) {
      client.run(log, CUTS);
    }
  }

  private static void publish(int from, int to) {
    log.publish(notes(from, to));
  }

  private static List<Note> notes(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Note.acme("" + i, SITE)).toList();
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private static long offset(Frame frame) {
    return Cursor.parse(frame.id()).orElseThrow().position().offset();
  }
}
