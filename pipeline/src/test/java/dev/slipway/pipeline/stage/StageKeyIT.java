package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/// The short key of a stage comes from a sequence of 32,767 values.
class StageKeyIT {
  private static final String USE_UP = "select setval('ledger.stage_stage_id_seq', 32767)";

  private LedgerWorld world;

  @BeforeEach
  void create() {
    world = LedgerWorld.create();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aStageWhoseKeyIsKnownStartsThoughTheSequenceIsUsedUp() {
    var first = world.run(LedgerStage.adding());
    world.log().tell(0, "a", 0, 3);
    world.awaitNext(0, 3);
    first.stop();
    world.executeAsOwner(USE_UP);

    world.run(LedgerStage.adding());
    world.log().tell(0, "a", 3, 5);

    world.awaitNext(0, 5);
  }

  @Test
  void aStageThatFindsNoKeyIsFailingUntilTheSequenceIsRepaired() {
    world.executeAsOwner(USE_UP);
    var runner = world.run(LedgerStage.adding());
    await().atMost(LedgerWorld.PATIENCE).until(() -> runner.health() == StageHealth.FAILING);

    world.executeAsOwner(repair());

    await().atMost(LedgerWorld.PATIENCE).until(() -> runner.health() == StageHealth.RUNNING);
    assertThat(key()).isEqualTo((short) 1);
  }

  private short key() {
    return world
        .database()
        .inStage(transaction -> StagePositions.stageId(transaction, LedgerStage.NAME));
  }

  /// The migration that repairs installations whose sequence ran dry.
  private static String repair() {
    try {
      return new ClassPathResource("db/migration/pipeline/V006__stage_ids.sql")
          .getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
