package dev.slipway.pipeline.stage;

/// An idempotency key was used for a request with another body.
public final class KeyReusedException extends RuntimeException {
  KeyReusedException() {
    super("the key was used for a request with another body");
  }
}
