package dev.slipway.notifier.hub;

import java.util.Locale;

/// Why a stream ended. A client goes on where it was by its cursor, whatever the reason.
enum EndReason {
  /// The client went.
  DISCONNECTED(false),
  /// More waited for it than may wait.
  SLOW(true),
  /// It has taken nothing for two heartbeats although something waited.
  STALLED(true),
  /// It has lasted long enough; the next one may be on another instance.
  ROTATED(false),
  /// Its token has.
  TOKEN_EXPIRED(false),
  /// What it was to get next is no longer kept, or the log has been replaced: its cursor will be
  /// judged anew.
  LOG_CHANGED(false),
  /// The instance stops.
  STOPPED(false);

  private final boolean abrupt;

  EndReason(boolean abrupt) {
    this.abrupt = abrupt;
  }

  /// Whether to drop the connection: an orderly end would wait for a client that does not read.
  boolean abrupt() {
    return abrupt;
  }

  String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
