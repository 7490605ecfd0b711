package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.notifier.hub.SseClient.Frame;
import dev.slipway.notifier.hub.TestLog.Note;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LimitsIT {
  private static final int LARGE = 20_000;

  @Test
  void aSlowClientIsCutOffWhileOthersAreNotDelayedAndResumes() {
    try (TestLog log = new TestLog();
        TestNotifier notifier =
            TestNotifier.start(
                log, "--slipway.live.queue-size=512KB", "--slipway.live.heartbeat=60s");
        SseClient quick = notifier.connect("acme", "");
        SseClient slow =
            SseClient.connect(notifier.port(), TestNotifier.token("acme"), "", "", 4_096)) {
      quick.frame();
      slow.frame();
      int published = 0;
      while (notifier.ended(EndReason.SLOW) == 0 && published < 3_000) {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          notes.add(large(published + i));
        }
        log.publish(notes);
        for (int i = 0; i < 20; i++) {
          assertThat(numberOf(quick.event())).isEqualTo(published + i);
        }
        published += 20;
      }

      assertThat(notifier.ended(EndReason.SLOW)).isEqualTo(1);
      int seen = 0;
      String cursor = "";
      try {
        for (Frame frame = slow.next(); frame != null; frame = slow.next()) {
          if (frame.isEvent()) {
            assertThat(numberOf(frame)).isEqualTo(seen);
            seen++;
            cursor = frame.id();
          }
        }
      } catch (IOException _) {
        // cut off: what was on its way is lost
      }
      assertThat(seen).isBetween(1, published - 1);
      try (SseClient again = notifier.resume("acme", "", cursor)) {
        for (; seen < published; seen++) {
          assertThat(numberOf(again.event())).isEqualTo(seen);
        }
      }
      assertThat(notifier.ended(EndReason.SLOW)).isEqualTo(1);
    }
  }

  @Test
  void noMoreStreamsAreOpenThanAllowed() {
    try (TestLog log = new TestLog();
        TestNotifier notifier =
            TestNotifier.start(
                log,
                "--slipway.live.connections=4",
                "--slipway.live.connections-per-tenant=3",
                "--slipway.live.connections-per-caller=2",
                "--slipway.live.lifetime=3s")) {
      try (SseClient first = connect(notifier, "acme", "alice");
          SseClient _ = connect(notifier, "acme", "alice");
          SseClient tooManyOfAlice = connect(notifier, "acme", "alice");
          SseClient _ = connect(notifier, "acme", "bob");
          SseClient tooManyOfAcme = connect(notifier, "acme", "carol");
          SseClient last = connect(notifier, "other", "dave");
          SseClient tooMany = connect(notifier, "third", "erin")) {
        assertThat(List.of(first.status(), last.status())).containsExactly(200, 200);
        assertThat(tooManyOfAlice.status()).isEqualTo(429);
        assertThat(tooManyOfAlice.body()).contains("\"code\":\"rate_limited\"");
        assertThat(tooManyOfAcme.status()).isEqualTo(503);
        assertThat(tooManyOfAcme.body()).contains("\"code\":\"unavailable\"");
        assertThat(tooMany.status()).isEqualTo(503);
        assertThat(tooMany.headers()).containsKey("retry-after");
        assertThat(tooManyOfAlice.headers()).containsKey("retry-after");
        // and makes room by itself in the end
        assertThat(first.ends()).isTrue();
        assertThat(notifier.ended(EndReason.ROTATED)).isPositive();
      }
      notifier.awaitConnections(0);
      try (SseClient again = connect(notifier, "acme", "alice")) {
        assertThat(again.status()).isEqualTo(200);
      }
    }
  }

  @Test
  void beforeKafkaHasAnsweredAStreamIsRefusedForNow() {
    try (TestNotifier notifier =
            TestNotifier.at(
                SharedKafka.bootstrapServers(), "nowhere.", "--slipway.live.start-timeout=500ms");
        SseClient client = notifier.connect("acme", "")) {
      assertThat(client.status()).isEqualTo(503);
      assertThat(client.headers()).containsKey("retry-after");
      assertThat(client.body()).contains("\"code\":\"unavailable\"");
    }
  }

  @Test
  void streamsEndWhenTheInstanceStops() {
    try (TestLog log = new TestLog();
        SseClient client = connectedToOneThatStops(log)) {
      assertThat(client.ends()).isTrue();
    }
  }

  private static SseClient connectedToOneThatStops(TestLog log) {
    try (TestNotifier notifier = TestNotifier.start(log)) {
      SseClient client = notifier.connect("acme", "");
      client.frame();
      return client;
    }
  }

  private static SseClient connect(TestNotifier notifier, String tenant, String subject) {
    String token = TestNotifier.token(tenant, subject, Duration.ofMinutes(5), Scope.EVENTS);
    return SseClient.connect(notifier.port(), token, "", "");
  }

  private static Note large(int number) {
    return Note.acme("\"" + number + " " + "x".repeat(LARGE) + "\"");
  }

  private static int numberOf(Frame frame) {
    String data = SseClient.dataOf(frame);
    return Integer.parseInt(data.substring(1, data.indexOf(' ')));
  }
}
