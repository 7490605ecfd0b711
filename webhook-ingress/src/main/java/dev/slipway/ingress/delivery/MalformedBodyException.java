package dev.slipway.ingress.delivery;

/// A body is not what its content type says. The message is for the sender and quotes nothing of
/// it.
final class MalformedBodyException extends RuntimeException {
  MalformedBodyException(String message) {
    // Without stack trace: it is an answer, not a failure of ours.
    super(message, null, false, false);
  }
}
