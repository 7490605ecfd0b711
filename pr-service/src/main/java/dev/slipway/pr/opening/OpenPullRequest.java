package dev.slipway.pr.opening;

import dev.slipway.pipeline.core.Operation;
import java.util.Optional;
import java.util.UUID;

/// Opens a pull request, or finds the one that is there.
record OpenPullRequest(UUID operation, Wish wish) implements Operation {
  static final String KIND = "open_pull_request";

  @Override
  public Optional<UUID> id() {
    return Optional.of(operation);
  }
}
