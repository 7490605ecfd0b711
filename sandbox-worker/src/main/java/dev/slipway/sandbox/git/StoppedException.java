package dev.slipway.sandbox.git;

/// Nobody wants what was being done any more.
final class StoppedException extends RuntimeException {
  StoppedException() {
    super("stopped");
  }
}
