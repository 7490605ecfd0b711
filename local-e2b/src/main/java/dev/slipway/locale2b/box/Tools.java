package dev.slipway.locale2b.box;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The programs of the host that make a box.
///
/// @param python seen at the same place in the box. It runs process 1: the base template promises
///   Python anyway, so it is there, while a compiled program of ours would have to be shipped for
///   every architecture, and a JVM takes five times the memory
record Tools(Path bubblewrap, Path python) {
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final List<Path> PYTHONS =
      List.of(Path.of("/usr/bin/python3"), Path.of("/usr/local/bin/python3"));

  static Optional<Path> find(String program) {
    return List.of(PATH.split(":")).stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Optional<Path> findPython() {
    return PYTHONS.stream().filter(Files::isExecutable).findFirst();
  }
}
