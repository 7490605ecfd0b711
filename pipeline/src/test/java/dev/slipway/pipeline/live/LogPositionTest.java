package dev.slipway.pipeline.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogPositionTest {
  @ParameterizedTest
  @CsvSource({
    // behind a record, a place: whether the place is in a log that was cut
    "6, 8,  5, 10, true",
    "6, 10, 5, 10, true",
    "6, 11, 5, 10, false", // written behind it
    "5, 8,  5, 10, false",
    "4, 8,  5, 10, false",
    "6, 8, -1, 10, false",
    "-1, 8, 5, 10, false",
  })
  void aNewLeadersRecordBeforeAPlaceTellsThatTheLogWasCut(
      int epoch, long offset, int epochThere, long further, boolean cut) {
    LogPosition record = new LogPosition(epoch, offset);

    assertThat(record.contradicts(new LogPosition(epochThere, further))).isEqualTo(cut);
  }

  @Test
  void theFurtherOfTwoIsTheOneWithTheHigherOffsetWhateverTheEpochs() {
    LogPosition ahead = new LogPosition(4, 10);
    LogPosition behind = new LogPosition(5, 9);

    assertThat(LogPosition.later(ahead, behind)).isEqualTo(ahead);
    assertThat(LogPosition.later(behind, ahead)).isEqualTo(ahead);
    assertThat(LogPosition.later(ahead, LogPosition.at(10))).isEqualTo(ahead);
  }

  @Test
  void aConsumerIsToldTheEpochThatIsKnown() {
    OffsetAndMetadata known = new OffsetAndMetadata(9, Optional.of(5), "");
    OffsetAndMetadata unknown = new OffsetAndMetadata(9);

    assertThat(new LogPosition(5, 9).forSeek()).isEqualTo(known);
    assertThat(LogPosition.at(9).forSeek()).isEqualTo(unknown);
    assertThat(LogPosition.of(known)).isEqualTo(new LogPosition(5, 9));
    assertThat(LogPosition.of(unknown)).isEqualTo(LogPosition.at(9));
  }
}
