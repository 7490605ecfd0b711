package dev.slipway.pipeline.core;

import java.util.Comparator;

/// Whose state it is. Two tenants never share an aggregate, whatever its key.
///
/// @param key unique within the tenant
public record AggregateId(String tenant, String key) implements Comparable<AggregateId> {
  private static final Comparator<AggregateId> ORDER =
      Comparator.comparing(AggregateId::tenant).thenComparing(AggregateId::key);

  /// The order in which aggregates are locked.
  @Override
  public int compareTo(AggregateId other) {
    return ORDER.compare(this, other);
  }
}
