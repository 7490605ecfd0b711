package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.sandbox.command.OutputCodec.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// One command prints more than its worker has memory, when the size says so, beside others that
/// print little.
@Tag("slow")
@Timeout(600)
class MuchOutputIT {
  private static final long MIB = 1 << 20;
  private static final long SIZE_BYTES = Integer.getInteger("slipway.output.mib", 32) * MIB;
  private static final int OTHERS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  @TempDir static Path directory;
  private static Workplace place;

  @BeforeAll
  static void start() {
    place = new Workplace(directory, false);
    place.workers().start("only", "--slipway.command.output-limit=" + SIZE_BYTES / MIB + "MB");
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  @Test
  void aCommandThatPrintsMuchIsPublishedWholeAndHoldsUpNoOther() {
    List<String> sandboxes = IntStream.range(0, OTHERS).mapToObj(_ -> place.ask(Map.of())).toList();
    List<String> others =
        sandboxes.stream()
            .map(sandbox ->
                place.run(
                    sandbox, "until [ -e stop ]; do echo line; sleep 0.05; done; echo the end"))
            .toList();
    others.forEach(other -> place.awaitOutput(other, "line"));

    String much =
        place.run(
            place.create(Map.of()),
            "yes 'All work and no play makes Jack a dull boy' | head -c " + SIZE_BYTES);

    await()
        .atMost(PATIENCE)
        .until(() -> !place.operation(much).path("finished_at").asString("").isEmpty());
    JsonNode operation = place.operation(much);
    assertThat(operation.path("result").path("stdout_bytes").asLong()).isEqualTo(SIZE_BYTES);
    assertThat(operation.path("result").path("truncated").asBoolean()).isFalse();
    sandboxes.forEach(sandbox -> place.write(sandbox, "stop"));
    others.forEach(other -> place.awaitOutput(other, "the end"));
    Map<String, List<Instant>> times = times(much);
    List<Instant> parts = times.getOrDefault(much, List.of());
    Instant first = parts.getFirst();
    Instant last = parts.getLast();
    assertThat(others)
        .allSatisfy(other ->
            assertThat(times.getOrDefault(other, List.of()))
                .anyMatch(at -> at.isAfter(first) && at.isBefore(last)));
  }

  /// When parts were published, by operation; those of one must come without gap and overlap.
  private static Map<String, List<Instant>> times(String much) {
    var times = new HashMap<String, List<Instant>>();
    var next = new AtomicLong();
    place.eachPublished((seen, at) -> {
      if (seen instanceof Seen.Part part) {
        String operation = part.operation().toString();
        times.computeIfAbsent(operation, _ -> new ArrayList<>()).add(at);
        if (operation.equals(much)) {
          assertThat(part.offset()).isEqualTo(next.getAndSet(part.end()));
        }
      }
    });
    assertThat(next).hasValue(SIZE_BYTES);
    return times;
  }
}
