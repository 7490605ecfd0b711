package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.Batch.Span;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.StageTransaction.Mode;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// A stage with its reader and its transaction as the runner has them, but without Kafka: what
/// measures it brings the records. Used by one thread.
///
/// @param <K> key of an aggregate
/// @param <S> state
/// @param <I> input
/// @param <E> event
public final class StageTrial<K extends Comparable<K>, S, I, E> {
  private static final String TOPIC_ID = "trial";

  private final TopicPartition partition;
  private final RecordReader<K, S, I, E> reader;
  private final StageTransaction<K, S, I, E> transaction;

  private StageTrial(
      TopicPartition partition,
      RecordReader<K, S, I, E> reader,
      StageTransaction<K, S, I, E> transaction) {
    this.partition = partition;
    this.reader = reader;
    this.transaction = transaction;
  }

  /// Puts the stage at the beginning of a partition that no cluster has.
  ///
  /// @param database the service's schema, migrated, and empty
  public static <K extends Comparable<K>, S, I, E> StageTrial<K, S, I, E> begin(
      Stage<K, S, I, E> stage, Database database, TopicPartition partition) {
    short id =
        Blocking.answer(database.asStage(client -> StagePositions.stageId(client, stage.name())));
    var positions = new StagePositions(id);
    boolean _ =
        Blocking.answer(
            database.asStage(
                client -> positions.begin(client, partition, new Stored(TOPIC_ID, 0))));
    return new StageTrial<>(
        partition,
        new RecordReader<>(stage),
        new StageTransaction<>(database, stage, new Inbox(id), positions, Mode.LIVE));
  }

  /// Reads a batch.
  ///
  /// @param records of the partition, without a gap, from where the batch before ended
  /// @return its transaction, to be run once; answers how many records it applied
  /// @throws IllegalArgumentException when the stage cannot read one of them
  public LongSupplier read(List<ConsumerRecord<byte[], byte[]>> records) {
    var span = new Span(TOPIC_ID, records.getFirst().offset(), records.getLast().offset() + 1);
    var batch =
        new Batch<>(
            Map.of(partition, span),
            records.stream().map(record -> reader.read(record, TOPIC_ID)).toList());
    for (Entry<K, I> entry : batch.entries()) {
      if (entry instanceof Dead<K, I>(_, _, var cause, _)) {
        throw new IllegalArgumentException("unreadable: " + cause);
      }
    }
    return () -> Blocking.answer(transaction.run(batch)).counts().applied();
  }
}
