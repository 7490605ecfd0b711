package dev.slipway.pipeline.stage;

/// Why an operation failed.
///
/// @param code stable, such as `timeout`
/// @param message for people, names the remedy; nothing secret
/// @param retryable whether the same asked again may succeed
public record Failure(String code, String message, boolean retryable) {}
