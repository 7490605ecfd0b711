package dev.slipway.embedded;

import org.jspecify.annotations.Nullable;

/// A server could not be started; the message says which, why and where its log is.
public final class StartFailedException extends RuntimeException {
  StartFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
