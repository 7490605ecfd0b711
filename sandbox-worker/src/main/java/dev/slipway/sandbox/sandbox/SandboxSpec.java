package dev.slipway.sandbox.sandbox;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A sandbox as it is asked for.
///
/// @param template what it begins as, by the provider's name
/// @param timeout how long it lives from the time it runs, whole seconds
/// @param metadata tags of the caller's own
/// @param environment of every process in it: values, or references `secret://file/NAME`,
///   unresolved
/// @param repositoryUrl of the repository that it is for; null when none
/// @param name a DNS label, the tenant's only sandbox of this name; null for none
public record SandboxSpec(
    String template,
    Duration timeout,
    Map<String, String> metadata,
    Map<String, String> environment,
    Network network,
    @Nullable String repositoryUrl,
    @Nullable String name) {
  public SandboxSpec {
    metadata = Map.copyOf(metadata);
    environment = Map.copyOf(environment);
  }

  /// Leaves out the values of the environment.
  @Override
  public String toString() {
    return "SandboxSpec[%s, %s, metadata=%s, environment=%s, %s, repositoryUrl=%s, name=%s]"
        .formatted(template, timeout, metadata, environment.keySet(), network, repositoryUrl, name);
  }
}
