package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// A replay that runs: what is left of it, as Postgres has it.
///
/// @param ranges what is left of each partition, empty ranges left out
record ReplayTask(UUID replayId, ReplayMode mode, Map<TopicPartition, Range> ranges) {
  ReplayTask {
    ranges = Map.copyOf(ranges);
  }

  /// Offsets from `next` to before `end`.
  record Range(String topicId, long next, long end) {}

  /// The oldest running replay of the stage; empty when there is none.
  static Mono<ReplayTask> oldest(DatabaseClient client, short stageId) {
    return client
        .sql(
            """
            select replay_id, mode from replay
            where stage_id = $1 and state = 'RUNNING' order by created_at limit 1
            """)
        .bind(0, stageId)
        .map(row ->
            new ReplayTask(
                Columns.required(row, "replay_id", UUID.class),
                ReplayMode.valueOf(Columns.required(row, "mode", String.class)),
                Map.of()))
        .one()
        .flatMap(task -> task.load(client));
  }

  private Mono<ReplayTask> load(DatabaseClient client) {
    return client
        .sql(
            """
            select topic, partition, topic_id, next_offset, to_offset from replay_position
            where replay_id = $1 and next_offset < to_offset
            """)
        .bind(0, replayId)
        .map(row ->
            Map.entry(
                PartitionRows.partition(row),
                new Range(
                    Columns.required(row, "topic_id", String.class),
                    Columns.required(row, "next_offset", Long.class),
                    Columns.required(row, "to_offset", Long.class))))
        .all()
        .collectMap(Map.Entry::getKey, Map.Entry::getValue)
        .map(found -> new ReplayTask(replayId, mode, found));
  }

  /// Ends it.
  ///
  /// @param state `DONE` or `STOPPED`
  /// @param reason why it stopped, for people; empty when it is done
  Mono<Void> end(DatabaseClient client, String state, String reason) {
    return client
        .sql(
            """
            update replay set state = $2, reason = nullif($3, ''), finished_at = now()
            where replay_id = $1 and state = 'RUNNING'
            """)
        .bind(0, replayId)
        .bind(1, state)
        .bind(2, reason)
        .then();
  }
}
