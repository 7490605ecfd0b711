package dev.slipway.benchmarks;

/// A program that a contest needs is not on this machine. The message says how to get it.
public final class MissingToolException extends RuntimeException {
  MissingToolException(String message) {
    super(message);
  }
}
