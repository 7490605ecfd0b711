package dev.slipway.localserver;

import java.time.Duration;
import java.util.Map;

/// How the double's original writes an error.
@FunctionalInterface
public interface ErrorShape {
  /// The JSON object of the answer.
  Map<String, Object> body(int status, String message);

  /// How the original refuses one request too many.
  ///
  /// @param pause after which it would take another
  default RefusedException limited(int status, Duration pause) {
    return new RefusedException(status, "Rate limit exceeded")
        .with("Retry-After", Long.toString(pause.toSeconds()));
  }
}
