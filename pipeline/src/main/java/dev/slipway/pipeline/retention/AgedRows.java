package dev.slipway.pipeline.retention;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Rows of a table that are deleted by their age alone. Several processes may do it at once.
///
/// @param column of type `timestamptz`, with an index
/// @param kept how long rows are
/// @param most how many one transaction deletes
public record AgedRows(
    Database database, Clock clock, String table, String column, Duration kept, int most)
    implements Pruning {
  /// Those of a table of a service.
  ///
  /// @param kept null: for ever
  public static Pruning of(
      Database database, String table, String column, @Nullable Duration kept, int most) {
    return kept == null
        ? Pruning.NOTHING
        : new AgedRows(database, Clock.systemUTC(), table, column, kept, most);
  }

  @Override
  public long prune(BooleanSupplier isStopping) {
    Instant before = clock.instant().minus(kept);
    return Pruning.inBatches(
        most, isStopping, () -> database.inStage(transaction -> batch(transaction, before)));
  }

  private int batch(Transaction transaction, Instant before) {
    int deleted =
        transaction.update(
            """
            delete from %1$s where ctid = any(array(
              select ctid from %1$s where %2$s < ? order by %2$s limit ? for update skip locked))
            """
                .formatted(table, column),
            Columns.utc(before),
            most);
    if (deleted > 0) {
      PrunedRows.note(transaction, table, column, before);
    }
    return deleted;
  }
}
