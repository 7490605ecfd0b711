package dev.slipway.sandbox.provider;

/// How a process ended.
public sealed interface ProcessExit {
  /// By itself.
  ///
  /// @param code 0–255
  record Code(int code) implements ProcessExit {}

  /// By a signal.
  ///
  /// @param name as the provider says it, such as `killed` or `terminated`
  record Signalled(String name) implements ProcessExit {}
}
