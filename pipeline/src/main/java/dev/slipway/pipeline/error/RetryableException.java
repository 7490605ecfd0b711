package dev.slipway.pipeline.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Something outside is away for now: doing the same again later can succeed, and nothing was lost.
public class RetryableException extends RuntimeException {
  private final Duration retryAfter;

  /// @param message names the thing that is away and the remedy
  /// @param retryAfter the least time to wait that the other side asked for; zero when it asked for
  ///   none
  public RetryableException(String message, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /// The least time to wait before the next try.
  public Duration retryAfter() {
    return retryAfter;
  }
}
