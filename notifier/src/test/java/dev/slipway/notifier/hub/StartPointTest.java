package dev.slipway.notifier.hub;

import static dev.slipway.notifier.hub.TestEvents.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogExtent.Range;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartPointTest {
  private static final LogExtent EXTENT = new LogExtent(TOPIC, List.of(new Range(10, 20)), 0);

  @Test
  void withoutACursorAStreamBeginsNow() {
    assertThat(StartPoint.of(null, "acme", EXTENT, 0)).isEqualTo(new StartPoint.Live());
  }

  @ParameterizedTest
  @CsvSource({"10", "15", "20"})
  void aCursorInsideTheLogIsWhereAStreamBegins(long offset) {
    assertThat(judge(TOPIC, 0, offset, "acme")).isEqualTo(new StartPoint.At(offset));
  }

  @Test
  void whatThisInstanceHasReadIsInTheLogThoughKafkaHasNotSaidSo() {
    String cursor = Cursor.of(TOPIC, 0, 25, "acme").text();

    assertThat(StartPoint.of(cursor, "acme", EXTENT, 25)).isEqualTo(new StartPoint.At(25));
    assertThat(StartPoint.of(cursor, "acme", EXTENT, 24)).isEqualTo(new StartPoint.Doubtful());
  }

  @Test
  void whatIsNoLongerKeptIsExpired() {
    assertThat(judge(TOPIC, 0, 9, "acme")).isEqualTo(new StartPoint.Reset(ResetReason.EXPIRED));
  }

  @Test
  void anotherTenantsCursorIsForeignWhereverItPoints() {
    var foreign = new StartPoint.Reset(ResetReason.FOREIGN);

    assertThat(judge(TOPIC, 0, 15, "other")).isEqualTo(foreign);
    assertThat(judge(new UUID(1, 1), 3, 99, "other")).isEqualTo(foreign);
  }

  @Test
  void whatIsNoCursorIsMalformed() {
    assertThat(StartPoint.of("nonsense", "acme", EXTENT, 0))
        .isEqualTo(new StartPoint.Reset(ResetReason.MALFORMED));
  }

  @Test
  void whatKafkaMustBeAskedAboutAgainIsDoubtful() {
    assertThat(judge(TOPIC, 0, 21, "acme")).isEqualTo(new StartPoint.Doubtful());
    assertThat(judge(TOPIC, 1, 15, "acme")).isEqualTo(new StartPoint.Doubtful());
    assertThat(judge(new UUID(1, 1), 0, 15, "acme")).isEqualTo(new StartPoint.Doubtful());
  }

  private static StartPoint judge(UUID topicId, int partition, long offset, String tenant) {
    return StartPoint.of(Cursor.of(topicId, partition, offset, tenant).text(), "acme", EXTENT, 0);
  }
}
