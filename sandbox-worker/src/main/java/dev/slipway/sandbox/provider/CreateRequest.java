package dev.slipway.sandbox.provider;

import java.time.Duration;
import java.util.Map;

/// A sandbox to make.
///
/// @param template the provider's name of it
/// @param lifetime from now until it ends by itself; whole seconds, else rounded up
/// @param metadata tags to find it by; only values of `A-Z a-z 0-9 . _ -` are sure to be found
/// @param environment of every process in it; may hold secrets, so it never prints
public record CreateRequest(
    String template,
    Duration lifetime,
    Map<String, String> metadata,
    Map<String, String> environment,
    NetworkAccess network) {
  public CreateRequest {
    metadata = Map.copyOf(metadata);
    environment = Map.copyOf(environment);
    if (!lifetime.isPositive()) {
      throw new IllegalArgumentException("a sandbox's lifetime must be positive");
    }
  }

  /// Leaves out the values of the environment.
  @Override
  public String toString() {
    return "CreateRequest[%s, lifetime=%s, metadata=%s, environment=%s, %s]"
        .formatted(template, lifetime, metadata, environment.keySet(), network);
  }
}
