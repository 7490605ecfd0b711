package dev.slipway.localgithub.api;

import java.util.Optional;

/// Knows what callers show.
@FunctionalInterface
public interface Callers {
  /// Who shows this.
  ///
  /// @param credential a token or a JWT
  Optional<Caller> find(String credential);
}
