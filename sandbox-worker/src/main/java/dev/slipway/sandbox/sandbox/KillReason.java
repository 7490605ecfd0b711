package dev.slipway.sandbox.sandbox;

import java.util.Locale;

/// Why a sandbox ended.
enum KillReason {
  REQUESTED,
  EXPIRED,
  TASK_FINISHED,
  TASK_CANCELLED,
  ORPHAN,
  PROVIDER_GONE,
  START_FAILED;

  /// As the contract spells it.
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
