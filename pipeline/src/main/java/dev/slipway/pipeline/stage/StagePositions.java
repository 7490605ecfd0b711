package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `stage_position`: how far a stage has come.
final class StagePositions implements Positions {
  private final short stageId;

  StagePositions(short stageId) {
    this.stageId = stageId;
  }

  /// The short key of a stage, given at its first start.
  static Mono<Short> stageId(DatabaseClient client, String stage) {
    // An insert draws from the sequence even when it conflicts, so it comes last: the key is short,
    // and this is asked again and again.
    Mono<Short> known =
        client
            .sql("select stage_id from stage where name = $1")
            .bind(0, stage)
            .map(row -> Columns.required(row, "stage_id", Short.class))
            .one();
    Mono<Void> begun =
        client
            .sql("insert into stage (name) values ($1) on conflict (name) do nothing")
            .bind(0, stage)
            .then();
    return known.switchIfEmpty(begun.then(known));
  }

  /// Positions as stored, with the id of the topic that they count in.
  Mono<Map<TopicPartition, Stored>> read(
      DatabaseClient client, Collection<TopicPartition> partitions) {
    return PartitionRows.bind(
            client
                .sql(
                    """
                    select topic, partition, topic_id, next_offset from stage_position
                    where stage_id = $1 and (topic, partition) in (select * from unnest($2::text[], $3::int[]))
                    """)
                .bind(0, stageId),
            partitions)
        .map(PartitionRows::position)
        .all()
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  /// Makes the first position of a partition.
  ///
  /// @return false when somebody else has made it
  Mono<Boolean> begin(DatabaseClient client, TopicPartition partition, Stored position) {
    return client
        .sql(
            """
            insert into stage_position (stage_id, topic, partition, topic_id, next_offset)
            values ($1, $2, $3, $4, $5)
            on conflict do nothing
            """)
        .bind(0, stageId)
        .bind(1, partition.topic())
        .bind(2, partition.partition())
        .bind(3, position.topicId())
        .bind(4, position.next())
        .fetch()
        .rowsUpdated()
        .map(rows -> rows == 1);
  }

  /// Puts the position elsewhere; what was counted stays counted.
  ///
  /// @return false when it is no longer what it was: somebody else has moved it
  Mono<Boolean> move(DatabaseClient client, TopicPartition partition, Stored was, Stored position) {
    return client
        .sql(
            """
            update stage_position set topic_id = $4, next_offset = $5, updated_at = now()
            where stage_id = $1 and topic = $2 and partition = $3 and topic_id = $6 and next_offset = $7
            """)
        .bind(0, stageId)
        .bind(1, partition.topic())
        .bind(2, partition.partition())
        .bind(3, position.topicId())
        .bind(4, position.next())
        .bind(5, was.topicId())
        .bind(6, was.next())
        .fetch()
        .rowsUpdated()
        .map(rows -> rows == 1);
  }

  @Override
  public Mono<Map<TopicPartition, Stored>> lock(
      DatabaseClient client, Collection<TopicPartition> partitions) {
    return PartitionRows.bind(
            client
                .sql(
                    """
                    select topic, partition, topic_id, next_offset from stage_position
                    where stage_id = $1 and (topic, partition) in (select * from unnest($2::text[], $3::int[]))
                    order by topic, partition
                    for update
                    """)
                .bind(0, stageId),
            partitions)
        .map(PartitionRows::position)
        .all()
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  @Override
  public Write advance(Map<TopicPartition, Advance> advances) {
    return PartitionRows.write(
        """
        update stage_position p set
          next_offset = a.next_offset, seen = p.seen + a.seen, applied = p.applied + a.applied,
          known = p.known + a.known, foreign_type = p.foreign_type + a.foreign_type,
          rejected = p.rejected + a.rejected, dead = p.dead + a.dead, parked = p.parked + a.parked,
          updated_at = now()
        from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
          $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
          as a (topic, partition, next_offset, seen, applied, known, foreign_type, rejected, dead, parked, changed)
        where p.stage_id = $1 and p.topic = a.topic and p.partition = a.partition
        """,
        stageId,
        advances);
  }
}
