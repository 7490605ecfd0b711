package dev.slipway.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.slipway.pipeline.stage.Position;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayRangeTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  @ParameterizedTest
  @CsvSource({
    // from, to, log start (negative: nothing as new as asked), seen: range
    ",   ,   0, 9, 0-9",
    ",   ,   3, 9, 3-9",
    "1,  ,   3, 9, 3-9",
    "5,  ,   3, 9, 5-9",
    "5,  7,  3, 9, 5-7",
    "5, 70,  3, 9, 5-9",
    ",   2,  3, 9, none",
    "9,  ,   0, 9, none",
    ",   ,  -1, 9, none",
    ",   ,   9, 9, none",
    ",   ,   0, 0, none",
  })
  void itIsCutToWhatIsThereAndWasSeen(
      @Nullable Long from, @Nullable Long to, long start, long seen, String expected) {
    var range = range(from, to, start, seen);

    assertThat(range == null ? "none" : range.next() + "-" + range.end()).isEqualTo(expected);
  }

  @Test
  void itNeverReachesBeyondTheLogOrWhatWasSeen() {
    qt().forAll(
            longs().between(0, 20),
            longs().between(0, 20),
            longs().between(-1, 20),
            longs().between(0, 20))
        .checkAssert((from, to, start, seen) -> {
          var range = range(from, to, start, seen);

          if (range != null) {
            assertThat(range.next()).isGreaterThanOrEqualTo(Math.max(from, start));
            assertThat(range.end()).isLessThanOrEqualTo(Math.min(to, seen));
            assertThat(range.next()).isLessThan(range.end());
          }
        });
  }

  private static @Nullable LogRange range(
      @Nullable Long from, @Nullable Long to, long start, long seen) {
    return ReplayRange.of(
            new ReplayRequest("s", from, null, to, false, false),
            Map.of(PARTITION, start),
            Map.of(PARTITION, Position.at("id", seen)))
        .get(PARTITION);
  }
}
