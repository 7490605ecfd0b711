package dev.slipway.pipeline.error;

import org.jspecify.annotations.Nullable;

/// The same input fails the same way for ever: it belongs on the dead-letter topic, with this
/// message as its cause.
public final class PermanentException extends RuntimeException {
  /// @param message names what is wrong with the input, never its content
  public PermanentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
