package dev.slipway.pipeline.retention;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/// Something that is deleted when it is old.
@FunctionalInterface
public interface Pruning {
  /// What is kept for ever.
  Pruning NOTHING = _ -> 0;

  /// Deletes all that is too old now, a batch at a time.
  ///
  /// @param isStopping asked between two batches; then the rest is left for another time
  /// @return how many rows
  /// @throws dev.slipway.pipeline.error.RetryableException when Kafka or the database is away
  long prune(BooleanSupplier isStopping);

  /// Deletes batch after batch, until one is not full.
  ///
  /// @param most rows of a full one
  /// @param batch deletes one, and answers how many rows it had
  /// @return how many rows in all
  static long inBatches(int most, BooleanSupplier isStopping, IntSupplier batch) {
    long all = 0;
    int deleted = most;
    while (deleted == most && !isStopping.getAsBoolean()) {
      deleted = batch.getAsInt();
      all += deleted;
    }
    return all;
  }
}
