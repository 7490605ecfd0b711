package dev.slipway.pipeline.rebuild;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.Shadow;
import dev.slipway.pipeline.database.Shadow.Copy;
import dev.slipway.pipeline.database.Shadow.LogStart;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.publish.Outbox;
import dev.slipway.pipeline.publish.Outbox.Row;
import dev.slipway.pipeline.retention.PrunedRows;
import dev.slipway.pipeline.stage.Position;
import dev.slipway.pipeline.stage.Positions;
import dev.slipway.pipeline.stage.StateTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/// The moment that a rebuild compares with: the rows of a stage, its positions, and what its inbox
/// calls dead, all of one snapshot, copied into the shadow.
final class RebuildCut {
  private static final int MOST_DIFFERENCES = 100;
  private static final int OUTBOX_PAGE = 500;

  private final Shadow shadow;
  private final Database database;
  private final List<StateTable> tables;
  private final boolean isOfInputs;
  private boolean hasInherited;

  private RebuildCut(Shadow shadow, List<StateTable> tables, boolean isOfInputs) {
    this.shadow = shadow;
    this.database = shadow.database();
    this.tables = tables;
    this.isOfInputs = isOfInputs;
  }

  /// Takes it, of a stage whose rows are what its inputs come to.
  static RebuildCut take(Shadow shadow, short stageId, List<StateTable> tables) {
    List<Copy> copies = begin(shadow, tables);
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
    return new RebuildCut(shadow, tables, true);
  }

  /// Takes it, of a stage whose rows are what its events say.
  ///
  /// @param topic where they are published, without the installation's prefix
  static RebuildCut ofEvents(Shadow shadow, List<StateTable> tables, String topic) {
    List<Copy> copies = begin(shadow, tables);
    copies.add(new Copy("outbox", "topic = '%s'".formatted(topic)));
    shadow.copy(copies);
    return new RebuildCut(shadow, tables, false);
  }

  private static List<Copy> begin(Shadow shadow, List<StateTable> tables) {
    shadow.build(
        Stream.concat(tables.stream().map(StateTable::name), Stream.of("inbox", "outbox"))
            .toList());
    var copies = new ArrayList<Copy>();
    tables.forEach(table -> copies.add(new Copy(table.name(), "true")));
    copies.add(new Copy("pruned", "true"));
    return copies;
  }

  /// Events that may not have been in the log yet, as the records that they become.
  ///
  /// @param after the row behind which they begin
  List<Row> outbox(long after) {
    return database.inStage(
        transaction -> Outbox.copied(transaction, "live_outbox", after, OUTBOX_PAGE));
  }

  /// How far the stage was.
  Map<TopicPartition, Position> positions() {
    return database.inStage(transaction ->
        transaction
            .query(
                "select topic, partition, topic_id, leader_epoch, next_offset from live_stage_position",
                Positions::position)
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /// Gives the shadow the rows of the cut, before the rest of a log is folded over them that no
  /// longer holds its beginning: then rows must not change any more. Rows of records that it holds
  /// are left out, and must come back; so are tables that tell of the order alone, which are not
  /// compared, and in which nothing may be in the way.
  void inherit(Map<TopicPartition, Log> logs) {
    List<LogStart> starts =
        logs.entrySet().stream()
            .map(log ->
                new LogStart(
                    log.getKey().topic(), log.getKey().partition(), log.getValue().start()))
            .toList();
    for (StateTable table : tables) {
      if (shadow.compares(table.name(), table.toldByOrder())) {
        shadow.inherit(table.name(), table.isOfRecords() ? starts : List.of());
      }
    }
    hasInherited = true;
  }

  /// Its rows against those that were folded into the shadow since.
  Comparison compare() {
    Set<String> names = tables.stream().map(StateTable::name).collect(Collectors.toSet());
    database.inStage(transaction -> PrunedRows.copied(transaction, "live_pruned")).stream()
        .filter(pruned -> names.contains(pruned.table()))
        .forEach(pruned -> shadow.forget(pruned.table(), pruned.column(), pruned.before()));
    boolean withoutOrder = hasInherited || (isOfInputs && isReplayed());
    var compared = new ArrayList<TableComparison>();
    var differences = new ArrayList<RowDifference>();
    for (StateTable table : tables) {
      BiPredicate<String, String> sameState = table.sameState();
      if (sameState != null) {
        shadow.equate(table.name(), "state", sameState);
      }
      Set<String> without = withoutOrder ? table.toldByOrder() : Set.of();
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
  public record Comparison(List<TableComparison> tables, List<RowDifference> differences) {
    public boolean isEqual() {
      return tables.stream().allMatch(TableComparison::isEqual);
    }
  }

  /// Whether a replay had applied records late.
  private boolean isReplayed() {
    return database.inStage(transaction ->
        transaction
            .query(
                "select exists (select from live_replay_position) as it",
                row -> Columns.required(row, "it", Boolean.class))
            .getFirst());
  }

  /// Which of these the stage had called dead.
  Set<UUID> dead(Collection<UUID> ids) {
    return ids.isEmpty()
        ? Set.of()
        : database.inStage(transaction ->
            Set.copyOf(
                transaction.query(
                    "select ce_id from live_inbox where ce_id = any(?)",
                    row -> Columns.required(row, "ce_id", UUID.class),
                    (Object) ids.toArray(UUID[]::new))));
  }
}
