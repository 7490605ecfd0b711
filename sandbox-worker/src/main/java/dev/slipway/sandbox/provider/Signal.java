package dev.slipway.sandbox.provider;

/// The signals that every provider can send.
public enum Signal {
  /// Please end.
  TERM,
  /// End.
  KILL
}
