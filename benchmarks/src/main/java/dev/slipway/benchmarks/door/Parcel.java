package dev.slipway.benchmarks.door;

/// Something that is handed in once: the smallest aggregate that a request can create.
///
/// @param recipient empty before it is handed in
record Parcel(String recipient) {
  static final Parcel NONE = new Parcel("");

  /// What it can be told.
  record HandIn(String recipient) {}

  /// What it is the fold of.
  record HandedIn(String recipient) {}
}
