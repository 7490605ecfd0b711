package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.stage.PositionCheck.GoOn;
import dev.slipway.pipeline.stage.PositionCheck.Rewind;
import dev.slipway.pipeline.stage.PositionCheck.Stop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionCheckTest {

  @ParameterizedTest
  @CsvSource({
    // stored, log start, log end: answer
    "same,  5, 0, 9, GoOn 5",
    "same,  0, 0, 0, GoOn 0",
    "same,  9, 0, 9, GoOn 9",
    "same,  3, 3, 9, GoOn 3",
    "same,  9, 9, 9, GoOn 9",
    "same, 10, 0, 9, Rewind 0",
    "same, 10, 4, 9, Rewind 4",
    "same,  2, 3, 9, Stop",
    "same,  0, 9, 9, Stop",
    "other, 5, 0, 9, Rewind 0",
    "other, 5, 7, 9, Rewind 7",
    "other, 0, 0, 0, Rewind 0",
  })
  void aStoredPositionIsComparedWithTheLog(
      String topicId, long next, long start, long end, String answer) {
    assertThat(
            text(PositionCheck.of(Position.at(topicId, next), new Log("same", start, end), false)))
        .isEqualTo(answer);
  }

  @Test
  void withoutOneTheLogIsReadFromItsStart() {
    assertThat(text(PositionCheck.of(null, new Log("same", 3, 9), false))).isEqualTo("Rewind 3");
  }

  @Test
  void aLogThatWasCutBeforeThePositionAndHasGrownAgainIsReadFromItsStart() {
    var log = new Log("same", 2, 9);

    assertThat(text(PositionCheck.of(Position.at("same", 5), log, true))).isEqualTo("Rewind 2");
    assertThat(text(PositionCheck.of(Position.at("other", 5), log, true))).isEqualTo("Rewind 2");
  }

  private static String text(PositionCheck check) {
    return switch (check) {
      case GoOn(var position) -> "GoOn " + position.next();
      case Rewind(long offset, _) -> "Rewind " + offset;
      case Stop _ -> "Stop";
    };
  }
}
