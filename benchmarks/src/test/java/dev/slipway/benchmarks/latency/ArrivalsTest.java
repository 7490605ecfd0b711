package dev.slipway.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.benchmarks.Schedule;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long BEGAN = 1_000;

  private final Arrivals arrivals = new Arrivals(new Schedule(BEGAN, 1_000), 7, 2);

  @Test
  void timeCountsFromWhenAWebhookWasDue() throws Exception {
    arrivals.event(opened(8), BEGAN + Duration.ofMillis(5).toNanos());
    arrivals.event(opened(7), BEGAN + Duration.ofMillis(9).toNanos());
    arrivals.awaitAll(Duration.ZERO);

    assertThat(arrivals.micros().getMinValue()).isBetween(3_990L, 4_010L);
    assertThat(arrivals.micros().getMaxValue()).isBetween(8_990L, 9_010L);
  }

  @Test
  void aMissingEventIsNoTurn() {
    arrivals.event(opened(7), BEGAN);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> arrivals.awaitAll(Duration.ZERO))
        .withMessage("of 2 events 1 are missing, and 0 came that must not");
  }

  @Test
  void anEventThatComesTwiceOrMustNotComeIsNoTurn() {
    long later = BEGAN + Duration.ofMillis(5).toNanos();
    arrivals.event(opened(7), later);
    arrivals.event(opened(8), later);
    arrivals.event(opened(8), later);
    arrivals.event(opened(6), BEGAN);
    arrivals.event("{\"type\":\"pull_request.merged\",\"data\":{\"number\":7}}", BEGAN);
    arrivals.event("{}", BEGAN);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> arrivals.awaitAll(Duration.ZERO))
        .withMessage("of 2 events 0 are missing, and 4 came that must not");
  }

  private static String opened(int number) {
    return "{\"id\":\"x\",\"type\":\"pull_request.opened\",\"sequence\":1,\"data\":{\"repository\":{\"id\":42},\"number\":%d,\"url\":\"u\"}}"
        .formatted(number);
  }
}
