package dev.slipway.pipeline.retention;

import java.util.function.BooleanSupplier;

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
}
