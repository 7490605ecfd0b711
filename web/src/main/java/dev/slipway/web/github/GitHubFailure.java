package dev.slipway.web.github;

import java.time.Duration;

/// Why a call did not do what it was to.
///
/// @param message for people: what was asked, what was answered, and what to do; nothing secret
/// @param retryable whether the same call can succeed later
/// @param retryAfter the least time until then; zero when nobody said
/// @param mayHaveHappened whether what was to be changed may have been, although no answer says so
public record GitHubFailure(
    FailureCode code,
    String message,
    boolean retryable,
    Duration retryAfter,
    boolean mayHaveHappened) {

  /// It is so, and will be; nothing was changed.
  static GitHubFailure lasting(FailureCode code, String message) {
    return new GitHubFailure(code, message, false, Duration.ZERO, false);
  }

  /// It is so, and nobody knows whether what was to be changed was.
  static GitHubFailure lasting(FailureCode code, String message, Call call) {
    return new GitHubFailure(code, message, false, Duration.ZERO, !call.isRead());
  }

  /// It may pass; nothing was changed.
  static GitHubFailure passing(FailureCode code, String message, Duration retryAfter) {
    return new GitHubFailure(code, message, true, retryAfter, false);
  }

  /// There is no answer that says what happened.
  static GitHubFailure open(FailureCode code, String message, Duration retryAfter) {
    return new GitHubFailure(code, message, true, retryAfter, true);
  }
}
