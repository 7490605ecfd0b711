package dev.slipway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void arrivalsAreEvenlySpacedHoweverMany() {
    Schedule schedule = new Schedule(5_000, 200);

    assertThat(schedule.due(0)).isEqualTo(5_000);
    assertThat(schedule.due(1)).isEqualTo(5_005_000);
    assertThat(schedule.due(2_000_000)).isEqualTo(5_000 + Duration.ofSeconds(10_000).toNanos());
  }

  @Test
  void aTimeHoldsAsManyAsTheRateSays() {
    assertThat(new Schedule(0, 200).within(Duration.ofSeconds(3))).isEqualTo(600);
    assertThat(new Schedule(0, 2).within(Duration.ofMillis(1_400))).isEqualTo(2);
  }

  @Test
  void whatIsOverdueIsNotWaitedFor() throws InterruptedException {
    Schedule schedule = new Schedule(System.nanoTime() - Duration.ofHours(1).toNanos(), 1);

    schedule.await(3_599);

    assertThat(schedule.due(3_599)).isLessThan(System.nanoTime());
  }
}
