package dev.slipway.pipeline.core;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event as the kernel has numbered it.
///
/// @param id its `ce_id`; null for an event that is folded and not published
/// @param version how many events its topic key had published with it, of its tenant: 1, 2, 3 …; 0
///   for one that is not published
/// @param at when its cause came in
/// @param causeId id of the record, the request, the deadline or the operation that it follows from
public record Numbered<E>(E event, @Nullable UUID id, long version, Instant at, UUID causeId) {
  /// The id of a published event.
  public UUID publishedId() {
    if (id == null) {
      throw new IllegalStateException("an event that is not published has no id");
    }
    return id;
  }
}
