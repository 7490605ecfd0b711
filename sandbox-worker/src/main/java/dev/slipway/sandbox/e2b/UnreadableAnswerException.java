package dev.slipway.sandbox.e2b;

/// An answer is not what E2B says it is.
final class UnreadableAnswerException extends RuntimeException {
  /// @param why to stand after "the answer"
  UnreadableAnswerException(String why) {
    super(why);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
