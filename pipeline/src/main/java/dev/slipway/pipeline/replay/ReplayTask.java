package dev.slipway.pipeline.replay;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.stage.Positions;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/// A replay that runs: what is left of it, as Postgres has it.
///
/// @param ranges what is left of each partition, empty ranges left out
record ReplayTask(UUID replayId, ReplayMode mode, Map<TopicPartition, LogRange> ranges) {
  ReplayTask {
    ranges = Map.copyOf(ranges);
  }

  /// The oldest running replay of the stage; empty when there is none.
  static Optional<ReplayTask> oldest(Transaction transaction, short stageId) {
    return transaction
        .query(
            """
            select replay_id, mode from replay
            where stage_id = ? and state = 'RUNNING' order by created_at limit 1
            """,
            row ->
                new ReplayTask(
                    Columns.required(row, "replay_id", UUID.class),
                    ReplayMode.valueOf(Columns.required(row, "mode", String.class)),
                    Map.of()),
            stageId)
        .stream()
        .findFirst()
        .map(task -> task.load(transaction));
  }

  private ReplayTask load(Transaction transaction) {
    Map<TopicPartition, LogRange> found =
        transaction
            .query(
                """
                select topic, partition, topic_id, next_offset, to_offset from replay_position
                where replay_id = ? and next_offset < to_offset
                """,
                row ->
                    Map.entry(
                        Positions.partition(row),
                        new LogRange(
                            Columns.required(row, "topic_id", String.class),
                            Columns.required(row, "next_offset", Long.class),
                            Columns.required(row, "to_offset", Long.class))),
                replayId)
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return new ReplayTask(replayId, mode, found);
  }

  /// Where its progress is.
  Positions positions() {
    return new Positions(
        "replay_position", "replay_id", replayId, "changed = p.changed + a.changed");
  }

  /// Ends it.
  ///
  /// @param state `DONE` or `STOPPED`
  /// @param reason why it stopped, for people; empty when it is done
  void end(Transaction transaction, String state, String reason) {
    var _ =
        transaction.update(
            """
            update replay set state = ?, reason = nullif(?, ''), finished_at = now()
            where replay_id = ? and state = 'RUNNING'
            """,
            state,
            reason,
            replayId);
  }
}
