package dev.slipway.locale2b.box;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Clears what boxes of an earlier JVM left in a directory. They ended when it did; what is left
/// are their files and empty control groups, and at worst a process that was just being started.
/// Only what this directory's own marks and groups name is touched.
record Leftovers(Path directory, Path boxes) {
  /// Where that JVM had its groups: it may have been started from somewhere else.
  private static final String GROUPS = "groups";

  void clear() throws IOException {
    Optional<ControlGroups> groups = ControlGroups.load(directory.resolve(GROUPS));
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(boxes)) {
      for (Path folder : folders) {
        Optional<Marks> marks = Marks.read(folder);
        if (marks.isPresent()) {
          marks.get().end();
        }
        groups.ifPresent(known -> clear(known.of(folder.getFileName().toString())));
        new BoxFiles(folder).delete();
      }
    }
    groups.ifPresent(known -> {
      known.boxes().forEach(box -> clear(known.of(box)));
      known.remove();
    });
  }

  private static void clear(BoxGroups groups) {
    groups.kill();
    groups.remove();
  }

  /// Remembers where this JVM has its groups, before there are any.
  void remember(Optional<ControlGroups> groups) throws IOException {
    if (groups.isPresent()) {
      groups.get().save(directory.resolve(GROUPS));
    } else {
      Files.deleteIfExists(directory.resolve(GROUPS));
    }
  }
}
