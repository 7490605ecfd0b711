package dev.slipway.pipeline.stage;

import java.util.Set;

/// A table of a stage's states: the log alone says what its rows are.
///
/// @param name within the service's schema
/// @param toldByOrder columns that also tell in which order records were applied. Folded in the
///   order of the log they are the same again, but not once a replay has applied records late. One
///   of the primary key among them means the table as a whole.
public record StateTable(String name, Set<String> toldByOrder) {
  public StateTable {
    toldByOrder = Set.copyOf(toldByOrder);
  }

  /// One whose rows are the same in whatever order records are applied.
  public static StateTable of(String name) {
    return new StateTable(name, Set.of());
  }
}
