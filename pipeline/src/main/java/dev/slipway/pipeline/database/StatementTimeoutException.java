package dev.slipway.pipeline.database;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;

/// A statement took longer than a transaction may: too much at once, or a lock that is not given.
public final class StatementTimeoutException extends RetryableException {
  StatementTimeoutException(Throwable cause) {
    super("the database took too long over a statement", Duration.ZERO, cause);
  }
}
