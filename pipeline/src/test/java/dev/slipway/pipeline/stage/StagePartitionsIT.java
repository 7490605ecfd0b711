package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/// A stage on topics that have another number of partitions than the catalogue says.
class StagePartitionsIT {
  @Test
  void whoHasNoPartitionThoughNobodyElseIsInItsGroupIsNotReady()
      throws ExecutionException, InterruptedException {
    try (LedgerWorld world = LedgerWorld.create()) {
      world.admin().deleteTopics(List.of(world.topic())).all().get();

      var runner = world.run(LedgerStage.adding());

      await().atMost(LedgerWorld.PATIENCE).until(() -> runner.health() == StageHealth.IDLE);
      assertThat(runner.finding().status()).isEqualTo(Status.DOWN);
      assertThat(runner.finding().detail()).contains("owns no partition");
    }
  }

  @Test
  void aSourceOfMorePartitionsThanItsDeadLettersIsReadWholeAndBuriesInOneOfTheirs()
      throws ExecutionException, InterruptedException {
    int letters = LedgerStage.DEAD_LETTERS.partitions();
    int last = letters + 1;
    try (LedgerWorld world = LedgerWorld.create()) {
      world
          .admin()
          .createPartitions(Map.of(world.topic(), NewPartitions.increaseTo(last + 1)))
          .all()
          .get();
      world.run(LedgerStage.adding());

      world.log().send(world.log().told(last, "a", 0, "bug"));
      world.log().send(world.log().told(last, "b", 1, "t1"));

      world.awaitNext(last, 2);
      assertThat(world.ledger("b")).isEqualTo("t1=ok");
      assertThat(world.log().letters())
          .singleElement()
          .satisfies(letter -> {
            assertThat(letter.partition()).isEqualTo(last % letters);
            assertThat(letter.about("dlt_partition")).isEqualTo(Integer.toString(last));
          });
    }
  }
}
