package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `replay_position`: how far one replay has come.
final class ReplayPositions implements Positions {
  private final UUID replayId;

  ReplayPositions(UUID replayId) {
    this.replayId = replayId;
  }

  @Override
  public Mono<Map<TopicPartition, Stored>> lock(
      DatabaseClient client, Collection<TopicPartition> partitions) {
    return PartitionRows.bind(
            client
                .sql(
                    """
                    select topic, partition, topic_id, next_offset from replay_position
                    where replay_id = $1 and (topic, partition) in (select * from unnest($2::text[], $3::int[]))
                    order by topic, partition
                    for update
                    """)
                .bind(0, replayId),
            partitions)
        .map(PartitionRows::position)
        .all()
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  @Override
  public Write advance(Map<TopicPartition, Advance> advances) {
    return PartitionRows.write(
        """
        update replay_position p set
          next_offset = a.next_offset, seen = p.seen + a.seen, applied = p.applied + a.applied,
          known = p.known + a.known, foreign_type = p.foreign_type + a.foreign_type,
          rejected = p.rejected + a.rejected, dead = p.dead + a.dead, parked = p.parked + a.parked,
          changed = p.changed + a.changed
        from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
          $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
          as a (topic, partition, next_offset, seen, applied, known, foreign_type, rejected, dead, parked, changed)
        where p.replay_id = $1 and p.topic = a.topic and p.partition = a.partition
        """,
        replayId,
        advances);
  }
}
