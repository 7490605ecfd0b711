package dev.slipway.sandbox.sandbox;

/// Why something failed.
///
/// @param code stable, such as `timeout`
/// @param message for people, names the remedy; nothing secret
/// @param retryable whether the same asked again may succeed
public record SandboxFailure(String code, String message, boolean retryable) {
  static final String SANDBOX_LOST = "sandbox_lost";
}
