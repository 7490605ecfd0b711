package dev.slipway.pipeline.database;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Waits on the thread of a stage or publisher for what the database answers, and keeps apart what
/// is no fault of any record: no answer, and the end of the process.
public final class Blocking {
  // above the database's own time-outs, which tell more
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Blocking() {}

  /// Waits for an answer.
  ///
  /// @return null when it is empty
  /// @throws RetryableException when none came in time
  /// @throws InterruptException when the thread is being stopped
  public static <T> @Nullable T answerOrNull(Mono<T> work) {
    try {
      return work.block(PATIENCE);
    } catch (RetryableException e) {
      throw e;
    } catch (RuntimeException e) {
      if (e.getCause() instanceof Error error) {
        throw error; // no exception, so nothing that a record or a pause could mend
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptException("the thread is being stopped", new InterruptedException());
      }
      if (e.getCause() instanceof TimeoutException) {
        throw new RetryableException("the database does not answer", Duration.ZERO, e);
      }
      throw e;
    }
  }

  /// The same, where an empty answer is none.
  public static <T> T answer(Mono<T> work) {
    T answer = answerOrNull(work);
    if (answer == null) {
      throw new RetryableException("the database gives no answer", Duration.ZERO, null);
    }
    return answer;
  }
}
