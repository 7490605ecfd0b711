package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.notifier.hub.TestLog.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many clients, or many events, at once.
class BroadcastIT {
  private static final String EXECUTION = "/t/acme/executions/run-1";
  private static final String SQUAD = "/t/acme/squads/red";

  private static TestLog log;
  private static TestNotifier notifier;

  @BeforeAll
  static void start() {
    log = new TestLog();
    notifier = TestNotifier.start(log, "--slipway.live.heartbeat=5m");
  }

  @AfterAll
  static void stop() {
    notifier.close();
    log.close();
  }

  @Test
  void manyClientsGetEveryEvent() {
    List<SseClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 120; i++) {
        clients.add(notifier.connect("acme", "execution_id=run-1"));
      }
      clients.forEach(SseClient::frame);
      List<Note> notes =
          IntStream.range(0, 100).mapToObj(i -> Note.acme("" + i, EXECUTION, SQUAD)).toList();
      log.publish(notes);

      List<String> expected = notes.stream().map(Note::data).toList();
      assertThat(clients).allSatisfy(c -> assertThat(c.events(100)).isEqualTo(expected));
    } finally {
      clients.forEach(SseClient::close);
    }
    notifier.awaitConnections(0);
    assertThat(notifier.hub().listening()).isZero();
  }

  @Test
  void aThousandEventsAtOnceArriveInOrderOnTwoChannelsAtOnce() {
    List<List<String>> channels =
        List.of(List.of(EXECUTION, SQUAD), List.of(EXECUTION), List.of(SQUAD));
    List<Note> notes =
        IntStream.range(0, 1_000)
            .mapToObj(i -> new Note("acme", channels.get(i % 3), "" + i))
            .toList();
    try (SseClient execution = notifier.connect("acme", "execution_id=run-1");
        SseClient squad = notifier.connect("acme", "squad_id=red");
        SseClient both = notifier.connect("acme", "execution_id=run-1&squad_id=red")) {
      List.of(execution, squad, both).forEach(SseClient::frame);

      log.publish(notes);

      List<String> expected = on(EXECUTION, notes);
      assertThat(execution.events(expected.size())).isEqualTo(expected);
      expected = on(SQUAD, notes);
      assertThat(squad.events(expected.size())).isEqualTo(expected);
      assertThat(both.events(1_000)).isEqualTo(notes.stream().map(Note::data).toList());
    }
  }

  @Test
  void rapidConnectsAndDisconnectsLeaveNothingBehind() {
    for (int i = 0; i < 50; i++) {
      try (SseClient client = notifier.connect("acme", "agent_id=a" + i)) {
        if (i % 2 == 0) {
          client.frame();
        }
      }
    }

    notifier.awaitConnections(0);
    assertThat(notifier.hub().listening()).isZero();
  }

  @Tag("slow")
  @Test
  void clientsThatGoBeforeTheyAreAnsweredLeaveNothingBehind() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      SseClient.leave(notifier.port(), TestNotifier.token("acme"), random.nextInt(20) * 300_000L);
    }

    notifier.awaitConnections(0);
    assertThat(notifier.hub().listening()).isZero();
  }

  @Test
  void clientsThatGoDuringABroadcastDisturbNobody() {
    List<SseClient> leaving = new ArrayList<>();
    try (SseClient staying = notifier.connect("acme", "")) {
      staying.frame();
      for (int i = 0; i < 20; i++) {
        leaving.add(notifier.connect("acme", ""));
      }
      leaving.forEach(SseClient::frame);
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String data = "\"" + i + "x".repeat(5_000) + "\"";
        expected.add(data);
        log.publish(Note.acme(data));
        leaving.get(i).close();
      }

      assertThat(staying.events(20)).isEqualTo(expected);
    }
    notifier.awaitConnections(0);
    assertThat(notifier.hub().listening()).isZero();
  }

  private static List<String> on(String channel, List<Note> notes) {
    return notes.stream().filter(note -> note.topics().contains(channel)).map(Note::data).toList();
  }
}
