package dev.slipway.pipeline.publish;

/// Another has become leader since, or Kafka has given this one up: it publishes nothing any more.
final class FencedException extends RuntimeException {
  FencedException(Throwable cause) {
    super("fenced", cause);
  }
}
