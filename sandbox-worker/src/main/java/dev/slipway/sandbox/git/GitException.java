package dev.slipway.sandbox.git;

import dev.slipway.pipeline.stage.Failure;
import java.time.Duration;

/// Something with a repository cannot be done, or not now. Its message names the thing and the
/// remedy and holds no secret.
final class GitException extends RuntimeException {
  private final GitCode code;
  private final Duration retryAfter;

  GitException(GitCode code, String message) {
    this(code, message, Duration.ZERO);
  }

  /// @param retryAfter the least time to wait
  GitException(GitCode code, String message, Duration retryAfter) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  GitCode code() {
    return code;
  }

  Duration retryAfter() {
    return retryAfter;
  }

  Failure failure() {
    return new Failure(code.wireName(), String.valueOf(getMessage()), code.isPassing());
  }
}
