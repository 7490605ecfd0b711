package dev.slipway.sandbox.provider;

import java.util.Locale;

/// What went wrong outside, in the words of an operation's `failure.code`.
public enum FailureCode {
  /// No free place, now and until something ends.
  QUOTA_EXCEEDED,
  /// Asked too often.
  RATE_LIMITED,
  /// Our credential is refused.
  AUTH_FAILED,
  /// What the call is about is not there.
  NOT_FOUND,
  /// No answer in time, or a command's own limit passed.
  TIMEOUT,
  /// The other side is away, busy or paused.
  UNAVAILABLE,
  /// The sandbox is gone.
  SANDBOX_LOST,
  /// The other side finds the request senseless.
  VALIDATION_FAILED,
  /// More than fits.
  TOO_LARGE,
  /// The other side failed, or answered what nobody understands.
  INTERNAL;

  /// As the contract spells it.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
