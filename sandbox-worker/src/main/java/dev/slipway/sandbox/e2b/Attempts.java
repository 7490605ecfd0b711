package dev.slipway.sandbox.e2b;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;

/// Repeats what is safe to repeat: whatever did not happen for sure (no connection, 429 with
/// `Retry-After`, 503), and, of calls that can be made twice, also what may have happened (a lost
/// answer, 502, 504). The pauses double, are jittered, and are at least what was asked for; one
/// that is asked to be too long is left to the caller.
final class Attempts {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private final int most;
  private final Duration longestPause;
  private final Pause pause;

  Attempts(E2bProperties properties, Pause pause) {
    this.most = properties.attempts();
    this.longestPause = properties.longestPause();
    this.pause = pause;
  }

  /// @param once makes the call and translates its answer
  <T> T at(Target target, Call call, Supplier<T> once) {
    var backoff = new Backoff(FIRST_PAUSE, longestPause);
    for (int attempt = 1; ; attempt++) {
      try {
        return once.get();
      } catch (ProviderUnavailableException e) {
        boolean isSafe = !e.mayHaveHappened() || call.isRepeatable();
        if (!isSafe || attempt >= most || target.isClosedToCalls() || !pauseFor(backoff.next(e))) {
          throw e;
        }
      }
    }
  }

  private boolean pauseFor(Duration duration) {
    if (duration.compareTo(longestPause) > 0) {
      return false;
    }
    try {
      return pause.pass(duration);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
