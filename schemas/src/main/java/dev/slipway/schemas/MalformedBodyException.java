package dev.slipway.schemas;

/// A body is not what its content type says. The message is for the sender and quotes nothing of
/// it.
public final class MalformedBodyException extends RuntimeException {
  public MalformedBodyException(String message) {
    // Without stack trace: it is an answer, not a failure of ours.
    super(message, null, false, false);
  }
}
