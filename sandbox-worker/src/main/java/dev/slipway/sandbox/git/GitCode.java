package dev.slipway.sandbox.git;

import java.util.Locale;

/// What went wrong, in the words of an operation's `failure.code`.
enum GitCode {
  /// The host wants another credential.
  AUTH_FAILED(false),
  /// The credential is known and may not.
  FORBIDDEN(false),
  NOT_FOUND(false),
  RATE_LIMITED(true),
  TIMEOUT(true),
  UNAVAILABLE(true),
  TOO_LARGE(false),
  BASE_NOT_FOUND(false),
  BRANCH_EXISTS(false),
  BRANCH_DIVERGED(false),
  NOTHING_TO_COMMIT(false),
  PUSH_REJECTED(false),
  PROTECTED_BRANCH(false),
  NON_FAST_FORWARD(false),
  /// The sandbox has no git that is new enough.
  GIT_MISSING(false),
  VALIDATION_FAILED(false),
  /// Git in the sandbox failed.
  COMMAND_FAILED(false),
  INTERNAL(false);

  private final boolean passing;

  GitCode(boolean passing) {
    this.passing = passing;
  }

  /// Whether the same can succeed later by itself.
  boolean isPassing() {
    return passing;
  }

  /// As the contract spells it.
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
