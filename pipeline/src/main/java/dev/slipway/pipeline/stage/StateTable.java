package dev.slipway.pipeline.stage;

import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// A table of a stage's states: the log alone says what its rows are.
///
/// @param name within the service's schema
/// @param toldByOrder columns that also tell in which order records were applied. Folded in the
///   order of the log they are the same again, but not once a replay has applied records late. One
///   of the primary key among them means the table as a whole.
/// @param sameState whether two texts of the column `state`, of type `jsonb`, are the same state to
///   this build, such as one that an earlier build wrote without a field that has a default; null
///   when rows have no such column
/// @param isOfRecords whether each row is of one record, whose place its columns `topic`,
///   `partition` and `record_offset` name
public record StateTable(
    String name,
    Set<String> toldByOrder,
    @Nullable BiPredicate<String, String> sameState,
    boolean isOfRecords) {
  public StateTable {
    toldByOrder = Set.copyOf(toldByOrder);
  }

  /// One that keeps no state as a text.
  public StateTable(String name, Set<String> toldByOrder) {
    this(name, toldByOrder, null, false);
  }

  /// The same, each row of one record.
  public StateTable ofRecords() {
    return new StateTable(name, toldByOrder, sameState, true);
  }

  /// One whose rows are the same in whatever order records are applied.
  public static StateTable of(String name) {
    return new StateTable(name, Set.of());
  }
}
