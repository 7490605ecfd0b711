package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Kafka's own producer performance tool: records as large as a webhook's, `acks=all`, into a topic
/// with the settings of `github.deliveries` on the same broker, as fast as its batching goes.
final class ProducerTool implements Contestant {
  private static final Pattern RESULT =
      Pattern.compile(
          "(\\d+) records sent, ([0-9.]+) records/sec .* ([0-9.]+) ms 50th, .* ([0-9.]+) ms 99th");
  private static final int FIRST_RECORDS = 20_000;

  private final Path client;
  private final String topic;
  private final int recordBytes;

  // CONFINED: to the contest's thread. The tool is told how many records, not how long.
  private double perSecond;

  /// @param client file of a client's settings
  ProducerTool(Path client, String topic, int recordBytes) {
    this.client = client;
    this.topic = topic;
    this.recordBytes = recordBytes;
  }

  @Override
  public String name() {
    return "Kafka's producer tool";
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    long records = Math.max(FIRST_RECORDS, (long) (perSecond * duration.toSeconds()));
    String printed = ChildProgram.run(command(records));
    Matcher result = RESULT.matcher(printed);
    String last = printed.lines().reduce("", (_, line) -> line);
    if (!result.reset(last).find()) {
      throw new IOException("the producer tool printed no result:\n" + printed);
    }
    perSecond = Double.parseDouble(result.group(2));
    return new Sample(
        perSecond,
        records,
        millis(result.group(3)),
        millis(result.group(4)),
        records - Long.parseLong(result.group(1)));
  }

  private Command command(long records) {
    return new Command(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dlogback.configurationFile=dev/slipway/benchmarks/quiet.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "org.apache.kafka.tools.ProducerPerformance",
            "--command-config",
            client.toString(),
            "--topic",
            topic,
            "--num-records",
            Long.toString(records),
            "--record-size",
            Integer.toString(recordBytes),
            "--throughput",
            "-1",
            "--command-property",
            "acks=all"),
        Path.of(System.getProperty("java.io.tmpdir")),
        Map.of());
  }

  private static Duration millis(String digits) {
    return Duration.ofNanos((long) (Double.parseDouble(digits) * 1e6));
  }
}
