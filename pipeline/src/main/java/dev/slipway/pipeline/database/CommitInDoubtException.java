package dev.slipway.pipeline.database;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;

/// Nobody answered the commit: what the transaction did may have happened, or not.
public final class CommitInDoubtException extends RetryableException {
  CommitInDoubtException(Throwable cause) {
    super("the database does not say whether it committed", Duration.ZERO, cause);
  }
}
