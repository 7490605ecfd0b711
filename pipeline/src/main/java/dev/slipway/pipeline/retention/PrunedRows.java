package dev.slipway.pipeline.retention;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Transaction;
import java.time.Instant;
import java.util.List;

/// Table `pruned`: which rows a table no longer has.
public final class PrunedRows {
  private PrunedRows() {}

  /// Notes that rows of a table are no longer kept. Called in the transaction that deletes them.
  ///
  /// @param column of type `timestamptz` by which they are old
  /// @param before what is older than that goes
  public static void note(Transaction transaction, String table, String column, Instant before) {
    int _ =
        transaction.update(
            """
            insert into pruned (table_name, column_name, before) values (?, ?, ?)
            on conflict (table_name) do update
              set column_name = excluded.column_name, before = greatest(pruned.before, excluded.before)
            """,
            table,
            column,
            Columns.utc(before));
  }

  /// All of a copy of the table.
  public static List<Pruned> copied(Transaction transaction, String copy) {
    return transaction.query(
        "select table_name, column_name, before from " + copy,
        row ->
            new Pruned(
                Columns.required(row, "table_name", String.class),
                Columns.required(row, "column_name", String.class),
                Columns.required(row, "before", Instant.class)));
  }

  /// Rows of a table that do not count.
  ///
  /// @param before what is older than that by the column
  public record Pruned(String table, String column, Instant before) {}
}
