package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.KafkaServer;
import dev.slipway.notifier.hub.SseClient.Frame;
import dev.slipway.notifier.hub.TestLog.Note;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OutageIT {
  @Test
  void streamsOutliveKafka(@TempDir Path folder) throws Exception {
    List<Integer> ports = FreePorts.find(2);
    KafkaServer kafka = KafkaServer.start(folder, ports.getFirst(), ports.getLast());
    try (TestLog log = new TestLog(kafka.bootstrapServers());
        TestNotifier notifier = TestNotifier.start(log, "--slipway.live.heartbeat=200ms")) {
      try (SseClient before = notifier.connect("acme", "")) {
        before.frame();
        log.publish(Note.acme("1"));
        String seen = before.event().id();

        kafka.close();

        for (int beats = 0; beats < 5; ) {
          Frame frame = Objects.requireNonNull(before.next());
          beats += frame.comment().equals("heartbeat") ? 1 : 0;
        }
        try (SseClient during = notifier.resume("acme", "", seen)) {
          assertThat(during.frame().id()).isEqualTo(seen);

          kafka = KafkaServer.start(folder, ports.getFirst(), ports.getLast());
          log.publish(Note.acme("2"));

          assertThat(before.events(1)).containsExactly("2");
          assertThat(during.events(1)).containsExactly("2");
        }
      }
    } finally {
      kafka.close();
    }
  }
}
