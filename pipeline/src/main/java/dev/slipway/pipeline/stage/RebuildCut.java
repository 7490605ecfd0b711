package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.Shadow;
import dev.slipway.pipeline.database.Shadow.Copy;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// The moment that a rebuild compares with: the rows of a stage, its positions, and what its inbox
/// calls dead, all of one snapshot, copied into the shadow.
final class RebuildCut {
  private static final int MOST_DIFFERENCES = 100;

  private final Shadow shadow;
  private final Database database;
  private final List<StateTable> tables;

  private RebuildCut(Shadow shadow, List<StateTable> tables) {
    this.shadow = shadow;
    this.database = shadow.database();
    this.tables = tables;
  }

  /// Takes it.
  static RebuildCut take(Shadow shadow, short stageId, List<StateTable> tables) {
    shadow.build(
        Stream.concat(tables.stream().map(StateTable::name), Stream.of("inbox", "outbox"))
            .toList());
    var copies = new ArrayList<Copy>();
    tables.forEach(table -> copies.add(new Copy(table.name(), "true")));
    String ours = "stage_id = " + stageId;
    copies.add(new Copy("stage_position", ours));
    copies.add(new Copy("inbox", ours + " and status = 'dead'"));
    copies.add(new Copy("replay", ours));
    copies.add(
        new Copy(
            "replay_position",
            "applied + changed > 0"
                + " and replay_id in (select replay_id from live_replay where mode <> 'FORCE')"));
    shadow.copy(copies);
    return new RebuildCut(shadow, tables);
  }

  /// How far the stage was.
  Mono<Map<TopicPartition, Stored>> positions() {
    return database.asStage(client ->
        client
            .sql("select topic, partition, topic_id, next_offset from live_stage_position")
            .map(PartitionRows::position)
            .all()
            .collectMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Its rows against those that were folded into the shadow since.
  Comparison compare() {
    boolean isReplayed = Blocking.answer(isReplayed());
    var compared = new ArrayList<TableComparison>();
    var differences = new ArrayList<RowDifference>();
    for (StateTable table : tables) {
      Set<String> without = isReplayed ? table.toldByOrder() : Set.of();
      TableComparison result = shadow.compare(table.name(), without);
      compared.add(result);
      int room = MOST_DIFFERENCES - differences.size();
      if (!result.isEqual() && room > 0) {
        differences.addAll(shadow.differences(table.name(), without, room));
      }
    }
    return new Comparison(compared, differences);
  }

  /// What came of it.
  ///
  /// @param differences the first of them
  record Comparison(List<TableComparison> tables, List<RowDifference> differences) {
    boolean isEqual() {
      return tables.stream().allMatch(TableComparison::isEqual);
    }
  }

  /// Whether a replay had applied records late.
  private Mono<Boolean> isReplayed() {
    return database.asStage(client ->
        client
            .sql("select exists (select from live_replay_position) as it")
            .map(row -> Columns.required(row, "it", Boolean.class))
            .one());
  }

  /// Which of these the stage had called dead.
  Mono<Set<UUID>> dead(Collection<UUID> ids) {
    return database.asStage((DatabaseClient client) ->
        client
            .sql("select ce_id from live_inbox where ce_id = any($1)")
            .bind(0, ids.toArray(UUID[]::new))
            .map(row -> Columns.required(row, "ce_id", UUID.class))
            .all()
            .collect(Collectors.toSet()));
  }
}
