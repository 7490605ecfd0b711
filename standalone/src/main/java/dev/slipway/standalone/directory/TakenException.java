package dev.slipway.standalone.directory;

/// A data directory or a port is in use by another process; the message names it.
public final class TakenException extends RuntimeException {
  public TakenException(String message) {
    super(message);
  }
}
