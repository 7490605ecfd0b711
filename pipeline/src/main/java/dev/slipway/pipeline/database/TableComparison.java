package dev.slipway.pipeline.database;

import java.util.List;

/// What the rows of one table came to when they were worked out anew.
///
/// @param rows how many there are
/// @param missing how many should be there and are not
/// @param unexpected how many are there and should not be
/// @param different how many have another value in some column
/// @param leftOut columns that were not compared
public record TableComparison(
    String table, long rows, long missing, long unexpected, long different, List<String> leftOut) {
  public TableComparison {
    leftOut = List.copyOf(leftOut);
  }

  /// Whether every row is as it should be.
  public boolean isEqual() {
    return missing + unexpected + different == 0;
  }
}
