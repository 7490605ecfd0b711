package dev.slipway.sandbox.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file, directory or link in a sandbox. Of a link all but the name is what it leads to.
///
/// @param path absolute
/// @param mode permission bits
/// @param linkTarget null when it is no link
public record FileEntry(
    String name,
    String path,
    Kind kind,
    long sizeBytes,
    int mode,
    String owner,
    String group,
    Instant modifiedAt,
    @Nullable String linkTarget) {
  /// What is there.
  public enum Kind {
    FILE,
    DIRECTORY,
    /// A device, a socket, a link that leads nowhere
    OTHER
  }
}
