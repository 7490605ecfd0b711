package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `slipway chaos` in small: it judges by itself, and its time to settle is no claim here.
@Tag("slow")
class TaskChaosIT {
  private static final int TASKS = Integer.getInteger("slipway.chaos.tasks", 10);
  private static final long SEED = Long.getLong("slipway.chaos.seed", 42L);
  private static final Duration ATTEMPT = Duration.ofMinutes(90);

  @Test
  void whateverIsKilledEachTaskBecomesOnePullRequest() {
    try (Slipway slipway = Slipway.fresh();
        RunningCommand running =
            slipway.begin(
                "chaos",
                "--tasks",
                Integer.toString(TASKS),
                "--seed",
                Long.toString(SEED),
                "--settle",
                "4m",
                "--json")) {
      CommandResult result = running.awaitEnd(ATTEMPT);

      JsonNode verdict = result.exited(0).json();
      assertThat(verdict.path("verdict").asString()).isEqualTo("PASS");
      assertThat(verdict.at("/counts/tasks").asString()).isEqualTo(Integer.toString(TASKS));
      assertThat(Integer.parseInt(verdict.at("/counts/faults").asString()))
          .isBetween(Math.min(60, (TASKS + 1) / 2), 60);
    }
  }
}
