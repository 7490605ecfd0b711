package dev.slipway.pipeline.database;

import org.jspecify.annotations.Nullable;

/// Another transaction was faster: the same again reads what it wrote. Should it fail once more, it
/// is a bug.
public final class ConflictException extends RuntimeException {
  public ConflictException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
