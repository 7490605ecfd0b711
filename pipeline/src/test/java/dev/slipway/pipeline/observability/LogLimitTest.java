package dev.slipway.pipeline.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogLimitTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // a nano clock may overflow

  @Test
  void aLineASecondTellsOfAllSinceTheLast() {
    var limit = new LogLimit(now::get);

    assertThat(limit.due(2)).isEqualTo(2);
    assertThat(limit.due(3)).isZero();
    pass(Duration.ofMillis(999));
    assertThat(limit.due(4)).isZero();
    pass(Duration.ofMillis(1));
    assertThat(limit.due(1)).isEqualTo(8);
    assertThat(limit.due(1)).isZero();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
