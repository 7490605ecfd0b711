package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.error.RetryableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RebuildStepsTest {
  private final RetryableException away =
      new RetryableException("Kafka does not answer", Duration.ZERO, null);
  private final StringWriter err = new StringWriter();

  @Test
  void whatIsAwayForLongerThanThePatienceEndsTheRebuild() {
    RebuildSteps steps = steps(Duration.ZERO);

    assertThatThrownBy(() -> steps.await(away)).isSameAs(away);
  }

  @Test
  void whatIsAwayForAMomentIsWaitedForAndToldOf() {
    RebuildSteps steps = steps(Duration.ofMinutes(1));

    steps.at(10, 42);
    steps.await(away);

    assertThat(steps.records()).isEqualTo(42);
    assertThat(err.toString()).contains("s: waiting, Kafka does not answer");
  }

  private RebuildSteps steps(Duration patience) {
    return new RebuildSteps("s", new Progress(new PrintWriter(err), false), patience);
  }
}
