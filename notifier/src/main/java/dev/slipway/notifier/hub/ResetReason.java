package dev.slipway.notifier.hub;

import java.util.Locale;

/// Why a client may have missed events.
enum ResetReason {
  /// Its cursor points into a log that is no more, beyond the end of this one, or behind what this
  /// one has lost.
  UNKNOWN,
  /// What its cursor points to is no longer kept, or events behind it never came to be: they were
  /// published while notifications were not taken.
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
