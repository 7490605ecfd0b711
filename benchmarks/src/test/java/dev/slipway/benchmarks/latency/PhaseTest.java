package dev.slipway.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.benchmarks.latency.Phase.Time;
import org.junit.jupiter.api.Test;

class PhaseTest {
  private static final String METRICS =
      """
      # TYPE slipway_turn_seconds histogram
      slipway_turn_seconds_count{publisher="a"} 3
      slipway_turn_seconds_count{publisher="b"} 4
      slipway_turn_seconds_sum{publisher="a"} 1.5E-2
      slipway_turn_seconds_max{publisher="a"} 9
      slipway_ack_seconds_count 5
      """;

  @Test
  void aMeterIsAddedUpWhateverItsTags() {
    assertThat(Phase.sum(METRICS, "slipway_turn_seconds_count")).isEqualTo(7);
    assertThat(Phase.sum(METRICS, "slipway_turn_seconds_sum")).isEqualTo(0.015);
    assertThat(Phase.sum(METRICS, "slipway_ack_seconds_count")).isEqualTo(5);
  }

  @Test
  void theAverageIsOfWhatHasComeSince() {
    assertThat(new Time(3, 12).millisSince(new Time(1, 2))).isEqualTo(200);
    assertThat(new Time(1, 2).millisSince(new Time(1, 2))).isNaN();
  }
}
