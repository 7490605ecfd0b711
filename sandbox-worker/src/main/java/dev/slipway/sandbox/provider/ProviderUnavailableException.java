package dev.slipway.sandbox.provider;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The same call can succeed later; the few repeats that were safe are used up.
public final class ProviderUnavailableException extends RetryableException
    implements ProviderFailure {
  private final FailureCode code;
  private final boolean mayHaveHappened;

  /// @param retryAfter the least time to wait; zero when the other side asked for none
  public ProviderUnavailableException(
      FailureCode code,
      String message,
      boolean mayHaveHappened,
      Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, retryAfter, cause);
    this.code = code;
    this.mayHaveHappened = mayHaveHappened;
  }

  @Override
  public FailureCode code() {
    return code;
  }

  @Override
  public boolean mayHaveHappened() {
    return mayHaveHappened;
  }
}
