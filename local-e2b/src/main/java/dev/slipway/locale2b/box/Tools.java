package dev.slipway.locale2b.box;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The programs of the host that make a box.
///
/// @param python seen at the same place in the box. It runs process 1: the base template promises
///   Python anyway, so it is there, while a compiled program of ours would have to be shipped for
///   every architecture, and a JVM takes five times the memory
record Tools(Path bubblewrap, Path python) {
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /// Below `/usr`, all of which boxes see.
  private static final List<Path> SEEN_IN_BOXES =
      List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"));

  /// Finds them.
  ///
  /// @throws MissingException if one is not there
  static Tools find(String path) throws MissingException {
    List<Path> folders = List.of(path.split(":", -1)).stream().map(Path::of).toList();
    for (String program : List.of("unshare", "setpriv")) {
      var _ = find(program, "util-linux", List.of(Path.of("/usr/bin")));
    }
    return new Tools(
        find("bwrap", "bubblewrap", folders), find("python3", "python3", SEEN_IN_BOXES));
  }

  /// What is needed where nothing is isolated.
  static Tools findWithoutBubblewrap() throws MissingException {
    return new Tools(Path.of(""), find("python3", "python3", SEEN_IN_BOXES));
  }

  private static Path find(String program, String from, List<Path> folders)
      throws MissingException {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new MissingException(
                "%s, which makes sandboxes, is not in %s: install it (apt-get install %s)"
                    .formatted(program, folders, from)));
  }

  /// A program is missing; the message ends with the remedy.
  static final class MissingException extends Exception {
    MissingException(String message) {
      super(message);
    }
  }
}
