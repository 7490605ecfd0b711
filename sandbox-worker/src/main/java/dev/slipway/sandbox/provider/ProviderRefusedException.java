package dev.slipway.sandbox.provider;

import org.jspecify.annotations.Nullable;

/// The same call fails the same way again.
public final class ProviderRefusedException extends RuntimeException implements ProviderFailure {
  private final FailureCode code;
  private final boolean mayHaveHappened;

  public ProviderRefusedException(
      FailureCode code, String message, boolean mayHaveHappened, @Nullable Throwable cause) {
    super(message, cause);
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
