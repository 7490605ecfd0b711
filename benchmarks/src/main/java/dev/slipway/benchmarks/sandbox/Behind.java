package dev.slipway.benchmarks.sandbox;

import dev.slipway.benchmarks.Byproduct;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.StreamReader;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How far the events of a command's output are behind the command, whose lines say when they were
/// printed: each event counts from the first whole line in it.
///
/// @param lines how many a turn prints
/// @param pause between two of them
/// @param leftOut gets what part of the output no event had, in per cent
record Behind(InSandboxes sandboxes, int lines, Duration pause, Byproduct leftOut, Clock clock)
    implements Contestant {
  private static final String PRINT =
      """
      import sys, time
      for _ in range(int(sys.argv[1])):
          sys.stdout.write("%d %s\\n" % (time.time_ns() // 1000, "x" * 1000))
          sys.stdout.flush()
          time.sleep(float(sys.argv[2]))
      """;

  private static final Pattern PRINTED_MICROS = Pattern.compile("(?m)^(\\d{16}) x");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "events";
  }

  // the duration is not used: the command ends by itself
  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    SandboxClient client = sandboxes.client();
    var turn = new Turn(clock);
    try (StreamReader events =
        StreamReader.open(client.events(sandboxes.shared()), client.token())) {
      events.tell((json, _) -> turn.event(json));
      long began = System.nanoTime();
      String operation =
          client.run(
              sandboxes.shared(),
              List.of(
                  "/usr/bin/python3",
                  "-c",
                  PRINT,
                  Integer.toString(lines),
                  Double.toString(pause.toNanos() / 1e9)));
      if (!turn.completed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("a command is not said to be completed");
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      long printed = client.awaitSuccess(operation).bytes();
      leftOut.add(Sample.figure(100.0 * turn.skippedBytes.sum() / printed));
      return Sample.of(turn.behindMicros.getTotalCount() / seconds, turn.behindMicros, 0);
    }
  }

  /// What came of one command.
  private static final class Turn {
    private final Clock clock;
    private final ConcurrentHistogram behindMicros =
        new ConcurrentHistogram(PATIENCE.toNanos() / 1_000, 3);
    private final LongAdder skippedBytes = new LongAdder();
    private final CountDownLatch completed = new CountDownLatch(1);

    Turn(Clock clock) {
      this.clock = clock;
    }

    void event(String line) {
      long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
      JsonNode event = JsonMapper.shared().readTree(line.substring(line.indexOf('{')));
      switch (event.path("type").asString("")) {
        case "command.output" -> output(event.path("data"), now);
        case "command.completed" -> completed.countDown();
        default -> {} // of the sandbox
      }
    }

    private void output(JsonNode data, long now) {
      skippedBytes.add(data.path("skipped_bytes").asLong(0));
      Matcher first = PRINTED_MICROS.matcher(data.path("text").asString(""));
      if (first.find()) {
        behindMicros.recordValue(Math.max(0, now - Long.parseLong(first.group(1))));
      }
    }
  }
}
