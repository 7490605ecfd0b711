package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Transaction;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/// Table `stage_position` outside of stage transactions: how far a stage has come, and where an
/// owner puts it.
public final class StagePositions {
  private final short stageId;

  public StagePositions(short stageId) {
    this.stageId = stageId;
  }

  /// The short key of a stage, given at its first start.
  public static short stageId(Transaction transaction, String stage) {
    // An insert draws from the sequence even when it conflicts, so it comes last: the key is short,
    // and this is asked again and again.
    String known = "select stage_id from stage where name = ?";
    var rows = transaction.query(known, StagePositions::id, stage);
    if (rows.isEmpty()) {
      var _ =
          transaction.update(
              "insert into stage (name) values (?) on conflict (name) do nothing", stage);
      rows = transaction.query(known, StagePositions::id, stage);
    }
    return rows.getFirst();
  }

  private static short id(Readable row) {
    return Columns.required(row, "stage_id", Short.class);
  }

  /// Positions as stored, with the id of the topic that they count in.
  public Map<TopicPartition, Position> read(
      Transaction transaction, Collection<TopicPartition> partitions) {
    return transaction
        .query(
            """
            select topic, partition, topic_id, leader_epoch, next_offset from stage_position
            where stage_id = ? and (topic, partition) in (select * from unnest(?::text[], ?::int[]))
            """,
            Positions::position,
            stageId,
            Positions.topics(partitions),
            Positions.numbers(partitions))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Makes the first position of a partition.
  ///
  /// @return false when somebody else has made it
  public boolean begin(Transaction transaction, TopicPartition partition, Position position) {
    return transaction.update(
            """
            insert into stage_position (stage_id, topic, partition, topic_id, next_offset)
            values (?, ?, ?, ?, ?)
            on conflict do nothing
            """,
            stageId,
            partition.topic(),
            partition.partition(),
            position.topicId(),
            position.next())
        == 1;
  }

  /// Puts the position elsewhere; what was counted stays counted.
  ///
  /// @return false when it is no longer what it was: somebody else has moved it
  boolean move(Transaction transaction, TopicPartition partition, Position was, Position position) {
    return transaction.update(
            """
            update stage_position set topic_id = ?, leader_epoch = null, next_offset = ?, updated_at = now()
            where stage_id = ? and topic = ? and partition = ? and topic_id = ? and next_offset = ?
            """,
            position.topicId(),
            position.next(),
            stageId,
            partition.topic(),
            partition.partition(),
            was.topicId(),
            was.next())
        == 1;
  }
}
