package dev.slipway.pr.task;

/// Why something failed.
///
/// @param code stable, such as `timeout`
/// @param message for people, names the remedy; nothing secret
/// @param retryable whether the same asked again may succeed
record TaskFailure(String code, String message, boolean retryable) {
  static TaskFailure lasting(String code, String message) {
    return new TaskFailure(code, message, false);
  }

  static TaskFailure passing(String code, String message) {
    return new TaskFailure(code, message, true);
  }
}
