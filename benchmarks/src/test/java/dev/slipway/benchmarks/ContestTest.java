package dev.slipway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.benchmarks.Contest.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
  private final List<String> turns = new ArrayList<>();

  @Test
  void contestantsWorkInTurnAndTheWarmUpCountsForNothing() throws Exception {
    var contest = new Contest("work", "rows/s", List.of(new Counting("one"), new Counting("two")));

    List<Row> rows = contest.run(new Effort(2, Duration.ofSeconds(1)), _ -> {});

    assertThat(turns)
        .containsExactly("one PT3S", "two PT3S", "one PT1S", "two PT1S", "one PT1S", "two PT1S");
    assertThat(rows).extracting(Row::contestant).containsExactly("one", "two");
    assertThat(rows.getFirst().rounds()).extracting(Sample::perSecond).containsExactly(3.0, 5.0);
  }

  @Test
  void theMedianRoundSpeaksForARowAndAllOfItsFailuresCount() {
    var row = new Row("work", "one", "rows/s", List.of(sample(9, 1), sample(1, 0), sample(5, 0)));

    assertThat(row.median().perSecond()).isEqualTo(5);
    assertThat(row.slowest()).isEqualTo(1);
    assertThat(row.fastest()).isEqualTo(9);
    assertThat(row.failed()).isEqualTo(1);
  }

  @Test
  void anEffortTooSmallToMeasureIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Effort(0, Duration.ofSeconds(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Effort(1, Duration.ofMillis(999)));
  }

  @Test
  void anAimIsMetFromTheRightSide() {
    assertThat(new Aim("rows/s", 10, true, 10).met()).isTrue();
    assertThat(new Aim("rows/s", 9, true, 10).met()).isFalse();
    assertThat(new Aim("ms", 10, false, 10).met()).isTrue();
    assertThat(new Aim("ms", 11, false, 10).met()).isFalse();
  }

  private static Sample sample(double perSecond, long failed) {
    return new Sample(perSecond, 1, null, null, failed);
  }

  /// Gets as much done as there have been turns.
  private final class Counting implements Contestant {
    private final String name;

    Counting(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Sample run(Duration duration) {
      turns.add(name + " " + duration);
      return sample(turns.size(), 0);
    }
  }
}
