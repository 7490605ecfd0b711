package dev.slipway.pipeline.database;

import io.r2dbc.spi.Readable;

/// Reads columns of a row.
public final class Columns {
  private Columns() {}

  /// A column that is declared `not null`.
  public static <T> T required(Readable row, String column, Class<T> type) {
    T value = row.get(column, type);
    if (value == null) {
      throw new IllegalStateException("column " + column + " is null");
    }
    return value;
  }
}
