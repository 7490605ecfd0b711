package dev.slipway.pipeline.core;

import java.util.Optional;
import java.util.UUID;

/// One call to the outside that a decision asks for. It is stored with the decision and made by a
/// worker, whose outcome comes back as an input.
public interface Operation {
  /// The id by which whoever asked for it knows it: that of the request or of the record. Empty for
  /// one that nobody names, whose id is derived.
  default Optional<UUID> id() {
    return Optional.empty();
  }
}
