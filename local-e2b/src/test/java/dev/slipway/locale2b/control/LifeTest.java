package dev.slipway.locale2b.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LifeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Life LIFE = Life.started(START, Duration.ofMinutes(5), HOUR);

  @Test
  void itIsOverAtItsTimeAndNotBefore() {
    assertThat(LIFE.isDue(at(5).minusMillis(1))).isFalse();
    assertThat(LIFE.isDue(at(5))).isTrue();
  }

  @Test
  void aTimeoutMovesTheEndBothWays() {
    assertThat(LIFE.timeout(Duration.ofMinutes(10), at(1)).endAt()).isEqualTo(at(11));
    assertThat(LIFE.timeout(Duration.ofMinutes(1), at(1)).endAt()).isEqualTo(at(2));
    assertThat(LIFE.timeout(Duration.ofSeconds(-5), at(1)).isDue(at(1))).isTrue();
  }

  @Test
  void noTimeoutGoesPastTheLongestSession() {
    assertThat(LIFE.timeout(Duration.ofHours(2), at(1)).endAt()).isEqualTo(START.plus(HOUR));
    assertThat(LIFE.extended(HOUR, at(1)).endAt()).isEqualTo(START.plus(HOUR));
  }

  @Test
  void whoConnectsOrRefreshesOnlyExtends() {
    assertThat(LIFE.extended(Duration.ofMinutes(1), at(1))).isEqualTo(LIFE);
    assertThat(LIFE.extended(Duration.ofMinutes(9), at(1)).endAt()).isEqualTo(at(10));
    assertThat(LIFE.refreshed(Duration.ZERO, at(5)).endAt()).isEqualTo(at(5).plusSeconds(15));
    assertThat(LIFE.refreshed(Duration.ZERO, at(1))).isEqualTo(LIFE);
  }

  @Test
  void aPausedOneIsNeverDueAndAResumeBeginsAnew() {
    Life paused = LIFE.paused(at(3));

    assertThat(paused.isDue(at(600))).isFalse();
    assertThat(paused.endAt()).isEqualTo(at(3));
    Life resumed = paused.resumed(Duration.ofMinutes(2), at(600));
    assertThat(resumed).isEqualTo(Life.started(at(600), Duration.ofMinutes(2), HOUR));
  }

  private static Instant at(int minutes) {
    return START.plus(Duration.ofMinutes(minutes));
  }
}
