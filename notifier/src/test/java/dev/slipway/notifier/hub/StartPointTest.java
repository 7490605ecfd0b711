package dev.slipway.notifier.hub;

import static dev.slipway.notifier.hub.TestEvents.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogExtent.Range;
import dev.slipway.pipeline.live.LogPosition;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartPointTest {
  private static final LogExtent EXTENT =
      new LogExtent(TOPIC, List.of(new Range(10, new LogPosition(5, 20))), 0);
  private static final LogPosition NOTHING_READ = new LogPosition(5, 0);

  @Test
  void withoutACursorAStreamBeginsNow() {
    assertThat(StartPoint.of(null, "acme", EXTENT, NOTHING_READ)).isEqualTo(new StartPoint.Live());
  }

  @ParameterizedTest
  @CsvSource({"5, 10", "5, 15", "5, 20", "-1, 10", "-1, 20"})
  void aCursorInsideTheLogIsWhereAStreamBegins(int epoch, long offset) {
    LogPosition position = new LogPosition(epoch, offset);

    assertThat(judge(position, NOTHING_READ)).isEqualTo(new StartPoint.At(position));
  }

  @ParameterizedTest
  @CsvSource({"4, 10", "4, 20", "0, 15"})
  void whatAnEarlierLeaderHadMustBeComparedWithTheLog(int epoch, long offset) {
    LogPosition position = new LogPosition(epoch, offset);

    assertThat(judge(position, NOTHING_READ))
        .isEqualTo(new StartPoint.Earlier(position, new EarlierEpoch(epoch, 5)));
  }

  @Test
  void whatThisInstanceHasReadIsInTheLogThoughKafkaHasNotSaidSo() {
    LogPosition position = new LogPosition(5, 25);

    assertThat(judge(position, new LogPosition(5, 25))).isEqualTo(new StartPoint.At(position));
    assertThat(judge(position, new LogPosition(5, 24))).isEqualTo(new StartPoint.Doubtful());
  }

  @Test
  void theLeaderWhoseRecordsThisInstanceHasReadIsKnownThoughKafkaHasNotSaidSo() {
    LogPosition earlier = new LogPosition(5, 15);
    LogPosition present = new LogPosition(6, 15);
    LogPosition read = new LogPosition(6, 18);

    assertThat(judge(present, read)).isEqualTo(new StartPoint.At(present));
    assertThat(judge(earlier, read))
        .isEqualTo(new StartPoint.Earlier(earlier, new EarlierEpoch(5, 6)));
  }

  @ParameterizedTest
  @CsvSource({"5", "4", "-1"})
  void whatIsNoLongerKeptIsExpired(int epoch) {
    assertThat(judge(new LogPosition(epoch, 9), NOTHING_READ))
        .isEqualTo(new StartPoint.Reset(ResetReason.EXPIRED));
  }

  @Test
  void anotherTenantsCursorIsForeignWhereverItPoints() {
    var foreign = new StartPoint.Reset(ResetReason.FOREIGN);

    assertThat(judge(TOPIC, 0, new LogPosition(5, 15), "other")).isEqualTo(foreign);
    assertThat(judge(new UUID(1, 1), 3, new LogPosition(9, 99), "other")).isEqualTo(foreign);
  }

  @Test
  void whatIsNoCursorIsMalformed() {
    assertThat(StartPoint.of("nonsense", "acme", EXTENT, NOTHING_READ))
        .isEqualTo(new StartPoint.Reset(ResetReason.MALFORMED));
  }

  @Test
  void whatKafkaMustBeAskedAboutAgainIsDoubtful() {
    LogPosition good = new LogPosition(5, 15);

    assertThat(judge(new LogPosition(5, 21), NOTHING_READ)).isEqualTo(new StartPoint.Doubtful());
    assertThat(judge(new LogPosition(4, 21), NOTHING_READ)).isEqualTo(new StartPoint.Doubtful());
    assertThat(judge(new LogPosition(6, 15), NOTHING_READ)).isEqualTo(new StartPoint.Doubtful());
    assertThat(judge(TOPIC, 1, good, "acme")).isEqualTo(new StartPoint.Doubtful());
    assertThat(judge(new UUID(1, 1), 0, good, "acme")).isEqualTo(new StartPoint.Doubtful());
  }

  private static StartPoint judge(LogPosition position, LogPosition read) {
    return StartPoint.of(Cursor.of(TOPIC, 0, position, "acme").text(), "acme", EXTENT, read);
  }

  private static StartPoint judge(
      UUID topicId, int partition, LogPosition position, String tenant) {
    String cursor = Cursor.of(topicId, partition, position, tenant).text();
    return StartPoint.of(cursor, "acme", EXTENT, NOTHING_READ);
  }
}
