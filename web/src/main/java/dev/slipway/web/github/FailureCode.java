package dev.slipway.web.github;

import java.util.Locale;

/// What became of a call that did not do what it was to.
public enum FailureCode {
  /// No or a wrong credential.
  AUTH_FAILED,
  /// The credential may not.
  FORBIDDEN,
  /// Not there, or not for this credential to see.
  NOT_FOUND,
  /// Too many calls.
  RATE_LIMITED,
  /// GitHub does not take it as it is.
  VALIDATION_FAILED,
  /// The head has nothing that the base lacks: for a moment also right after it was pushed.
  NO_COMMITS_BETWEEN,
  /// There is no such base.
  BASE_NOT_FOUND,
  /// There is no such head: for a moment also right after it was pushed.
  HEAD_INVALID("validation_failed"),
  /// It is there already.
  ALREADY_EXISTS("validation_failed"),
  /// More than is read of one answer.
  TOO_LARGE,
  /// GitHub does not work, or is not reached.
  UNAVAILABLE,
  /// No answer in time.
  TIMEOUT,
  /// An answer that is not understood.
  INTERNAL;

  private final String code;

  FailureCode() {
    this.code = name().toLowerCase(Locale.ROOT);
  }

  FailureCode(String code) {
    this.code = code;
  }

  /// As operations tell it.
  public String code() {
    return code;
  }
}
