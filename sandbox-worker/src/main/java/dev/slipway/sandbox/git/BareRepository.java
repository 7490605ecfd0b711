package dev.slipway.sandbox.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An empty bare repository, as `git init --bare --template=` leaves it, without a process for it.
///
/// See [gitrepository-layout(5)](https://git-scm.com/docs/gitrepository-layout).
final class BareRepository {
  private static final String CONFIG =
      """
      [core]
      \trepositoryformatversion = 0
      \tfilemode = true
      \tbare = true
      """;

  private BareRepository() {}

  /// Makes one in a folder that is empty or not there.
  static void make(Path folder) {
    try {
      var _ = Files.createDirectories(folder.resolve("objects/info"));
      var _ = Files.createDirectories(folder.resolve("refs/heads"));
      Files.writeString(folder.resolve("config"), CONFIG);
      Files.writeString(folder.resolve("HEAD"), "ref: refs/heads/main\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
