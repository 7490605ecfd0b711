package dev.slipway.standalone.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the repository lies on this machine, and what is run from it.
final class Checkout {
  private Checkout() {}

  /// The root of the repository: system property `slipway.home`, else the nearest folder above the
  /// working directory that holds the `slipway` command.
  static Path root() {
    return Optional.ofNullable(System.getProperty("slipway.home"))
        .map(Path::of)
        .orElseGet(Checkout::above);
  }

  /// The command people type.
  static Path command() {
    return root().resolve("slipway");
  }

  /// The folder of what is written in JavaScript.
  static Path nodeFolder() {
    return root().resolve("acceptance");
  }

  private static Path above() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isExecutable(folder.resolve("slipway"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no folder above holds ./slipway: set -Dslipway.home");
  }
}
