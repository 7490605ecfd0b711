package dev.slipway.sandbox.provider;

import java.util.List;

/// What a sandbox may reach outside.
public sealed interface NetworkAccess {
  /// All that its provider lets it.
  record On() implements NetworkAccess {}

  /// Nothing.
  record Off() implements NetworkAccess {}

  /// These hosts and nothing else.
  ///
  /// @param names host names, not empty
  record Hosts(List<String> names) implements NetworkAccess {
    public Hosts {
      names = List.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("no hosts: ask for a network that is off");
      }
    }
  }
}
