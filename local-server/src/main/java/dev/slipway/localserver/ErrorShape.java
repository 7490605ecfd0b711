package dev.slipway.localserver;

import java.util.Map;

/// How the double's original writes an error.
@FunctionalInterface
public interface ErrorShape {
  /// The JSON object of the answer.
  Map<String, Object> body(int status, String message);
}
