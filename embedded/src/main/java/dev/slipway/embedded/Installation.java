package dev.slipway.embedded;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/// Where this program's own files are.
final class Installation {
  private Installation() {}

  /// The folder that the jar (or the folder of classes) of a class stands in.
  static Path folderOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return Folders.parentOf(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException e) {
      throw new StartFailedException("no folder: " + source.getLocation(), e);
    }
  }
}
