package dev.slipway.sandbox.provider;

import java.time.Instant;
import java.util.Map;

/// A sandbox as its provider sees it.
///
/// @param endAt when it ends by itself; of a paused one, when it was paused
public record ListedSandbox(
    ExternalId id,
    String template,
    State state,
    Instant startedAt,
    Instant endAt,
    Map<String, String> metadata) {
  public ListedSandbox {
    metadata = Map.copyOf(metadata);
  }

  /// What it does.
  public enum State {
    RUNNING,
    PAUSED,
    /// Something that the provider has a word for and we have not
    OTHER
  }
}
