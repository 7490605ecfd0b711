package dev.slipway.pipeline.core;

import java.util.Optional;
import java.util.UUID;

/// A wish that a decision sends to another feature or service, by a topic.
public interface Command {
  /// The `ce_id` that its record has, when the aggregate must know it to tell what comes of the
  /// wish: derived from the state, so that it is the same whenever it is decided. Empty for one
  /// whose id the kernel derives.
  default Optional<UUID> id() {
    return Optional.empty();
  }
}
