package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.TopicNames;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// A stage with its reader and its transaction as the runner has them, but without Kafka: what
/// measures it brings the records. Used by one thread.
public final class StageTrial<S, I, E> {
  private static final String TOPIC_ID = "trial";

  private final TopicPartition partition;
  private final RecordReader<I> reader;
  private final StageTransaction<S, I, E> transaction;

  private StageTrial(
      TopicPartition partition, RecordReader<I> reader, StageTransaction<S, I, E> transaction) {
    this.partition = partition;
    this.reader = reader;
    this.transaction = transaction;
  }

  /// Puts the stage at the beginning of a partition that no cluster has.
  ///
  /// @param database the service's schema, migrated, and empty
  public static <S, I, E> StageTrial<S, I, E> begin(
      Stage<S, I, E> stage, Database database, TopicPartition partition) {
    short id =
        database.inStage(transaction -> {
          short stageId = StagePositions.stageId(transaction, stage.name());
          boolean _ =
              new StagePositions(stageId).begin(transaction, partition, Position.at(TOPIC_ID, 0));
          return stageId;
        });
    return new StageTrial<>(
        partition,
        RecordReader.of(stage, new TopicNames("")),
        new StageTransaction<>(database, stage, id, Positions.ofStage(id), Mode.LIVE, null));
  }

  /// Reads a batch.
  ///
  /// @param records of the partition, without a gap, from where the batch before ended
  /// @return its transaction, to be run once; answers how many records it applied
  /// @throws IllegalArgumentException when the stage cannot read one of them
  public LongSupplier read(List<ConsumerRecord<byte[], byte[]>> records) {
    var slice =
        new Slice<>(
            partition,
            TOPIC_ID,
            records.getFirst().offset(),
            records.getLast().offset() + 1,
            null,
            reader.read(records, TOPIC_ID));
    for (Entry<I> entry : slice.entries()) {
      if (entry instanceof Entry.Dead<I> dead) {
        throw new IllegalArgumentException("unreadable: " + dead.cause());
      }
    }
    return () -> {
      Settled settled = transaction.run(new Turn<>(List.of(), List.of(slice)));
      SliceResult result = settled.slices().getFirst();
      if (result.culprit() != null) {
        throw result.culprit().failure();
      }
      return result.counts().applied();
    };
  }
}
