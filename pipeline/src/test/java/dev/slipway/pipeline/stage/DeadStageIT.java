package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import org.junit.jupiter.api.Test;

/// What no record is to blame for and no waiting mends is told to whoever can restart the process.
class DeadStageIT {
  @Test
  void aProcessWhoseStageDiedIsNotAliveAndBuriesNothing() {
    try (LedgerWorld world = LedgerWorld.create()) {
      var stage = world.run(LedgerStage.adding());
      world.log().tell(0, "a", 0, 5);
      world.awaitNext(0, 5);
      await().atMost(LedgerWorld.PATIENCE).until(stage::finding, Finding.up()::equals);
      assertThat(stage.isAlive()).isTrue();

      world.log().send(world.log().told(0, "a", 5, "error"));

      await().atMost(LedgerWorld.PATIENCE).until(() -> !stage.isAlive());
      assertThat(stage.finding())
          .isEqualTo(
              Finding.down(
                  "Stage "
                      + LedgerStage.NAME
                      + " has died of an error that only a restart of the process mends."));
      assertThat(stage.health()).isEqualTo(StageHealth.DEAD);
      assertThat(world.log().letters()).isEmpty();
      assertThat(world.progress(0).next()).isEqualTo(5);
    }
  }
}
