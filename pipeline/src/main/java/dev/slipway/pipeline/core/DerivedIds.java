package dev.slipway.pipeline.core;

import java.util.UUID;

/// Ids of what a stage derives: the same again whenever it is derived again.
@FunctionalInterface
public interface DerivedIds {
  /// The id of one output.
  ///
  /// @param cause id of the record that it is derived from
  /// @param type `ce_type` of what is derived
  /// @param key its topic key
  /// @param n how many of equal type and key the same decision derived before
  UUID of(UUID cause, String type, String key, int n);
}
