package dev.slipway.locale2b.envd;

/// Something that happened to a file.
///
/// @param name its path below the watched folder
record WatchEvent(String name, Kind kind) {
  enum Kind {
    CREATE,
    WRITE,
    REMOVE,
    RENAME,
    CHMOD
  }
}
