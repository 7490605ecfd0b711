package dev.slipway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void timesBecomeMediansAveragesAndTheLongest() {
    Histogram micros = new Histogram(3);
    for (long time : List.of(100, 200, 300, 1_400)) {
      micros.recordValue(time);
    }

    Sample sample = Sample.of(4, micros, 1);

    assertThat(sample.operations()).isEqualTo(4);
    assertThat(sample.p50Millis()).isEqualTo(0.2);
    assertThat(sample.averageMillis()).isEqualTo(0.5);
    assertThat(sample.maxMillis()).isEqualTo(1.4);
    assertThat(sample.failed()).isEqualTo(1);
  }

  @Test
  void theMiddleOfAFigureIsItsOwnNotThatOfTheMiddleRound() {
    Row row =
        new Row("work", "one", "s", List.of(Sample.figure(3), Sample.figure(9), Sample.figure(1)));

    assertThat(row.median(Sample::perSecond)).isEqualTo(3);
    assertThat(row.median(sample -> -sample.perSecond())).isEqualTo(-3);
    assertThat(row.median(Sample::p99Millis)).isNaN();
  }

  @Test
  void whatTheWarmUpMadeBesidesCountsForNothing() {
    Byproduct byproduct = new Byproduct();
    byproduct.add(Sample.figure(100));
    byproduct.add(Sample.figure(7));

    assertThat(byproduct.row("work", "one", "KB").rounds()).containsExactly(Sample.figure(7));
  }

  @Test
  void residentMemoryIsReadFromWhatTheSystemSays() {
    assertThat(Usage.resident("Name:\tjava\nVmHWM:\t  900 kB\nVmRSS:\t  812 kB\nThreads:\t3\n"))
        .isEqualTo(812);
    assertThat(Usage.resident("Name:\tjava\n")).isNaN();
  }
}
