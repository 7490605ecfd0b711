package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/// A stage on topics that have another number of partitions than the catalogue says.
class StagePartitionsIT {
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
