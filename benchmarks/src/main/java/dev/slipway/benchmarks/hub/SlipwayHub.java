package dev.slipway.benchmarks.hub;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.Usage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Slipway's notifier as a process of its own, on a Kafka that events are published to as a relay
/// does.
record SlipwayHub(
    SlipwayParts parts,
    ChildProgram notifier,
    NotificationsPublisher publisher,
    int port,
    String path,
    String token)
    implements HubServer {
  /// One caller comes as often as all of an installation's would.
  private static final Map<String, String> SETTINGS =
      Map.of("SLIPWAY_WEB_REQUESTSPERSECOND", "100000");

  static SlipwayHub start(Path folder) throws IOException, InterruptedException {
    SlipwayParts parts = SlipwayParts.start(folder);
    try {
      ChildProgram notifier = parts.run("notifier", SETTINGS);
      URI url = parts.url("events");
      return new SlipwayHub(
          parts,
          notifier,
          NotificationsPublisher.begin(parts.kafkaClient(), parts.registry()),
          url.getPort(),
          url.getPath(),
          parts.secret("token"));
    } catch (IOException | InterruptedException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "Slipway";
  }

  @Override
  public String headers() {
    return "Authorization: Bearer " + token + "\r\n";
  }

  @Override
  public void publish(long first, int count) {
    publisher.publish(first, count);
  }

  @Override
  public Duration processor() {
    return Usage.processor(notifier);
  }

  @Override
  public double memory() throws IOException, InterruptedException {
    String process = Long.toString(notifier.processes().getFirst().pid());
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String _ =
        ChildProgram.run(
            new Command(
                List.of(jcmd.toString(), process, "GC.run"),
                Path.of(System.getProperty("java.io.tmpdir")),
                Map.of()));
    return Usage.residentKilobytes(notifier);
  }

  @Override
  public void close() throws IOException {
    try (parts) {
      publisher.close();
    }
  }
}
