package dev.slipway.sandbox.inside;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.sandbox.provider.FileEntry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A file of a sandbox as the API shows it.
///
/// @param path absolute
/// @param mode permission bits
record FileView(String path, Type type, long sizeBytes, int mode, Instant modifiedAt) {
  static FileView of(FileEntry entry) {
    return new FileView(
        entry.path(), type(entry), entry.sizeBytes(), entry.mode(), entry.modifiedAt());
  }

  private static Type type(FileEntry entry) {
    if (entry.linkTarget() != null) {
      return Type.SYMLINK;
    }
    return switch (entry.kind()) {
      case DIRECTORY -> Type.DIRECTORY;
      case FILE, OTHER -> Type.FILE;
    };
  }

  /// What is there.
  enum Type {
    FILE,
    DIRECTORY,
    SYMLINK;

    @JsonValue
    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What was written.
  ///
  /// @param path absolute
  record Written(String path, long sizeBytes) {}

  /// All that a directory holds.
  ///
  /// @param nextCursor null: there are no pages
  record Page(List<FileView> items, @Nullable String nextCursor) {}
}
