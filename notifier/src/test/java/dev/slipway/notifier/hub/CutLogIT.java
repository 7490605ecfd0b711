package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.KafkaServer;
import dev.slipway.notifier.hub.SseClient.Frame;
import dev.slipway.notifier.hub.TestLog.Note;
import dev.slipway.pipeline.live.Cursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/// The only broker restarts, each time under another epoch. The last time its log has lost its end,
/// as a power cut takes what was not on the disk yet, and then grows again beyond where it was.
@Tag("slow")
class CutLogIT {
  /// Nothing of what was before the start, so that the past is read from Kafka.
  private static final String[] FORGETFUL = {
    "--slipway.live.heartbeat=200ms", "--slipway.live.warm-up-records=0"
  };

  @TempDir private Path home;
  private final List<Integer> ports = FreePorts.find(2);
  private KafkaServer kafka;
  private TestLog log;

  @BeforeEach
  void start() {
    kafka = kafka();
    log = new TestLog(kafka.bootstrapServers());
  }

  @AfterEach
  void stop() {
    log.close();
    kafka.close();
  }

  @Test
  void whoSawWhatTheLogHasLostIsResetAndNobodyElse() throws Exception {
    try (TestNotifier notifier = TestNotifier.start(log, FORGETFUL)) {
      String early;
      String late;
      try (SseClient client = notifier.connect("acme", "")) {
        log.publish(Note.acme("1"), Note.acme("2"));
        early = client.event().id();
        assertThat(client.events(1)).containsExactly("2");

        kafka.close();
        keepPartitions();
        kafka = kafka();
        log.publish(Note.acme("3"), Note.acme("4"));

        assertThat(client.events(1)).containsExactly("3");
        late = client.event().id();
        assertGoesOn(notifier, early, "2", "3", "4");
        assertThat(notifier.meter("slipway.live.resets")).isZero();

        kafka.close();
        losePartitionsSinceKept();
        kafka = kafka();
        log.publish(Collections.nCopies(9, Note.acme("5")));

        assertThat(client.ends()).isTrue();
      }
      assertThat(epoch(late)).isGreaterThan(epoch(early));
      notifier.awaitCaughtUp();
      assertReset(notifier, late);
      assertGoesOn(notifier, early, "2", "5");
      try (TestNotifier fresh = TestNotifier.start(log, FORGETFUL)) {
        assertReset(fresh, late);
        assertGoesOn(fresh, early, "2", "5");
      }
    }
  }

  @Test
  void howeverManyClientsComeBackAfterARestartKafkaIsAskedOnce() throws Exception {
    int clients = 50;
    try (TestNotifier notifier = TestNotifier.start(log, FORGETFUL);
        SseClient first = notifier.connect("acme", "");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      log.publish(Note.acme("1"));
      String seen = first.event().id();
      kafka.close();
      kafka = kafka();
      log.publish(Note.acme("2"));
      assertThat(first.events(1)).containsExactly("2");

      Callable<List<String>> resume =
          () -> {
            try (SseClient client = notifier.resume("acme", "", seen)) {
              return client.events(1);
            }
          };
      List<Future<List<String>>> resumed = threads.invokeAll(Collections.nCopies(clients, resume));

      for (Future<List<String>> client : resumed) {
        assertThat(client.get()).containsExactly("2");
      }
      assertThat(notifier.meter("slipway.live.resets")).isZero();
      assertThat(notifier.meter("slipway.live.epochs")).isEqualTo(1);
    }
  }

  private KafkaServer kafka() {
    return KafkaServer.start(home.resolve("kafka"), ports.getFirst(), ports.getLast());
  }

  private void keepPartitions() throws IOException {
    for (Path partition : partitions(home.resolve("kafka"))) {
      FileSystemUtils.copyRecursively(
          partition, home.resolve("kept").resolve(partition.getFileName()));
    }
  }

  private void losePartitionsSinceKept() throws IOException {
    for (Path partition : partitions(home.resolve("kept"))) {
      Path lost = home.resolve("kafka").resolve(partition.getFileName());
      assertThat(FileSystemUtils.deleteRecursively(lost)).isTrue();
      FileSystemUtils.copyRecursively(partition, lost);
    }
  }

  private List<Path> partitions(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(log.topic() + "-"))
          .toList();
    }
  }

  private static int epoch(String cursor) {
    return Cursor.parse(cursor).orElseThrow().position().epoch();
  }

  private void assertReset(TestNotifier notifier, String cursor) {
    try (SseClient client = notifier.resume("acme", "", cursor)) {
      Frame reset = client.frame();
      log.publish(Note.acme("6"));

      assertThat(reset.event()).isEqualTo("reset");
      assertThat(reset.data()).contains("\"reason\":\"unknown\"");
      assertThat(client.events(1)).containsExactly("6");
      try (SseClient again = notifier.resume("acme", "", reset.id())) {
        assertThat(again.frame().event()).isEqualTo("cursor");
        assertThat(again.events(1)).containsExactly("6");
      }
    }
  }

  private static void assertGoesOn(TestNotifier notifier, String cursor, String... next) {
    try (SseClient client = notifier.resume("acme", "", cursor)) {
      Frame first = client.frame();

      assertThat(first.event()).isEqualTo("cursor");
      assertThat(first.id()).isEqualTo(cursor);
      assertThat(client.events(next.length)).containsExactly(next);
    }
  }
}
