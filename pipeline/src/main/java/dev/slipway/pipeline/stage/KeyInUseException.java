package dev.slipway.pipeline.stage;

/// The first request with an idempotency key has no answer yet.
public final class KeyInUseException extends RuntimeException {
  KeyInUseException() {
    super("the first request with this key still runs");
  }
}
