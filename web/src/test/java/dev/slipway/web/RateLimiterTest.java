package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RateLimiter<String> limiter =
      new RateLimiter<>(4, Duration.ofSeconds(1), 100, new Nanos(nanos));

  @Test
  void theWholeAllowanceMayBeTakenAtOnceAndComesBackEvenly() {
    for (int i = 0; i < 4; i++) {
      assertThat(limiter.take("a")).isZero();
    }

    assertThat(limiter.take("a")).isEqualTo(Duration.ofMillis(250));

    pass(Duration.ofMillis(249));
    assertThat(limiter.take("a")).isEqualTo(Duration.ofMillis(1));
    pass(Duration.ofMillis(1));
    assertThat(limiter.take("a")).isZero();
    assertThat(limiter.take("a")).isPositive();
  }

  @Test
  void keysDoNotShareTheirAllowance() {
    for (int i = 0; i < 5; i++) {
      var _ = limiter.take("a");
    }

    assertThat(limiter.take("b")).isZero();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private record Nanos(AtomicLong nanos) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanos.get();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
