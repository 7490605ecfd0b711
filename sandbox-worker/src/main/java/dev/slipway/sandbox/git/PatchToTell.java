package dev.slipway.sandbox.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The patch that people are shown of a commit. It is made here once more: between the changes that
/// a sandbox's own patch makes there may stand anything.
final class PatchToTell {
  /// Larger ones are in no event: people look at the branch once it is pushed.
  static final int MOST_BYTES = 256 << 10;

  private PatchToTell() {}

  /// What leads from one to the other, its bytes each as a character.
  ///
  /// @return empty when it is too large, or when the value of a secret stands in it: what was there
  ///   before stands in it too
  static Optional<String> of(Throwaway throwaway, String before, String after, Withheld secrets)
      throws InterruptedException {
    Path file = throwaway.file("patch-to-tell");
    boolean isWhole =
        throwaway.prints(
            GitRun.of(
                "diff-tree",
                "-r",
                "-p",
                "--binary",
                "--full-index",
                "--no-ext-diff",
                "--no-textconv",
                "--no-renames",
                "--no-color",
                before,
                after),
            file,
            MOST_BYTES);
    try {
      return !isWhole || secrets.isIn(file)
          ? Optional.empty()
          : Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
