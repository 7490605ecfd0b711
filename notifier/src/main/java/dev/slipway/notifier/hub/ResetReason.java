package dev.slipway.notifier.hub;

import java.util.Locale;

/// Why a cursor is of no use.
enum ResetReason {
  /// It points into a log that is no more, or beyond the end of this one.
  UNKNOWN,
  /// What it points to is no longer kept.
  EXPIRED,
  /// It was given to a client of another tenant.
  FOREIGN,
  /// It is none.
  MALFORMED;

  /// As clients see it.
  String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
