package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PaceTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:00Z");

  private static Pace pace(String budget) {
    return Pace.of(JsonMapper.shared().readTree(budget), NOW);
  }

  @Test
  void whatIsLeftOfTheMinuteIsTakenAtOnceAndTheRestWhenItIsOver() {
    Pace pace = pace("{\"per_minute\":3,\"per_hour\":500,\"used_minute\":1,\"used_hour\":1}");

    assertThat(pace.untilNext(NOW)).isZero();
    pace.took(NOW);
    pace.took(NOW.plusSeconds(10));

    assertThat(pace.untilNext(NOW.plusSeconds(20))).isEqualTo(Duration.ofSeconds(40));
    assertThat(pace.untilNext(NOW.plusSeconds(60))).isZero();
    pace.took(NOW.plusSeconds(60));
    pace.took(NOW.plusSeconds(60));
    assertThat(pace.untilNext(NOW.plusSeconds(60))).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anHourHasItsOwnNumberAndNoneIsNoLimit() {
    Pace hour = pace("{\"per_minute\":null,\"per_hour\":2,\"used_minute\":null,\"used_hour\":2}");
    Pace free = pace("{\"per_minute\":null,\"per_hour\":null,\"used_minute\":9,\"used_hour\":9}");

    assertThat(hour.untilNext(NOW.plusSeconds(60))).isEqualTo(Duration.ofMinutes(59));
    for (int i = 0; i < 1_000; i++) {
      free.took(NOW);
    }
    assertThat(free.untilNext(NOW)).isZero();
  }

  /// However the moments fall: in no minute there are more than there may be.
  @Test
  void inNoMinuteThereAreMoreThanThereMayBe() {
    Pace pace = pace("{\"per_minute\":5,\"per_hour\":null,\"used_minute\":0,\"used_hour\":0}");
    Instant[] taken = new Instant[40];
    Instant now = NOW;
    for (int i = 0; i < taken.length; i++) {
      now = now.plus(pace.untilNext(now)).plusSeconds(i % 7);
      assertThat(pace.untilNext(now)).isZero();
      pace.took(now);
      taken[i] = now;
    }

    for (int i = 5; i < taken.length; i++) {
      assertThat(taken[i]).isAfterOrEqualTo(taken[i - 5].plusSeconds(60));
    }
  }
}
