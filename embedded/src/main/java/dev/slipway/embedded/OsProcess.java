package dev.slipway.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A process of this machine as `/proc` shows it.
///
/// @param pid its process id
/// @param commandLine program and arguments; PostgreSQL's workers overwrite theirs with a title
/// @param workingDirectory where it runs; a server that owns a data directory usually runs in it
record OsProcess(long pid, List<String> commandLine, Path workingDirectory) {
  private static final Path PROC = Path.of("/proc");

  OsProcess {
    commandLine = List.copyOf(commandLine);
  }

  /// The processes that match, in no order. Those that end meanwhile or belong to others are left
  /// out; where there is no `/proc` there are none.
  static List<OsProcess> find(Predicate<OsProcess> predicate) {
    List<OsProcess> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        read(entry).filter(predicate).ifPresent(found::add);
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  private static Optional<OsProcess> read(Path entry) {
    try {
      long pid = Long.parseLong(entry.getFileName().toString());
      // A zombie has ended: only its parent has not noticed yet, and may never do so.
      if (isZombie(pid)) {
        return Optional.empty();
      }
      List<String> commandLine =
          List.of(Files.readString(entry.resolve("cmdline")).split("\0", -1));
      return Optional.of(
          new OsProcess(pid, commandLine, Files.readSymbolicLink(entry.resolve("cwd"))));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// Whether the process has ended and waits for its parent to notice.
  static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException _) {
      return false;
    }
  }
}
