package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// How far something has come in its source: the stage itself, or one replay of it.
interface Positions {
  /// Reads and locks positions until the transaction ends: whoever holds them is the owner for that
  /// long.
  Mono<Map<TopicPartition, Stored>> lock(
      DatabaseClient client, Collection<TopicPartition> partitions);

  /// Moves positions on.
  Write advance(Map<TopicPartition, Advance> advances);

  /// One partition's step.
  ///
  /// @param next the next offset to read
  /// @param counts what became of the records in between
  /// @param changed states that changed, or would have
  record Advance(long next, Counts counts, long changed) {
    Advance plus(Counts more, long moreChanged) {
      return new Advance(next, counts.plus(more), changed + moreChanged);
    }
  }
}
