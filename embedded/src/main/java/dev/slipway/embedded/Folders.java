package dev.slipway.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Folders that are either complete or not there: they are filled under another name and renamed,
/// so that a kill at any moment leaves nothing half-made behind that looks whole.
final class Folders {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final String UNFINISHED = ".unfinished";

  private Folders() {}

  @FunctionalInterface
  interface Filler {
    void fill(Path folder) throws IOException;
  }

  /// Creates the folder, readable for its owner alone, unless it exists.
  static Path createPrivate(Path folder) throws IOException {
    return Files.createDirectories(folder, OWNER_ONLY);
  }

  /// Fills the folder and puts it in place, unless it is there already.
  static void createAtomically(Path folder, Filler filler) throws IOException {
    if (Files.exists(folder)) {
      return;
    }
    Path parent = createPrivate(parentOf(folder));
    deleteUnfinished(parent, folder.getFileName().toString());
    Path unfinished =
        Files.createTempDirectory(parent, folder.getFileName() + UNFINISHED, OWNER_ONLY);
    filler.fill(unfinished);
    Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /// Puts a file in place that at no moment is readable for others, whatever stood there before.
  static void writePrivate(Path file, String content) throws IOException {
    Path draft = Files.createTempFile(parentOf(file), ".draft", null, OWNER_ONLY_FILE);
    Files.writeString(draft, content);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static Path parentOf(Path path) {
    return path.toAbsolutePath().resolve("..").normalize();
  }

  private static void deleteUnfinished(Path parent, String name) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, name + UNFINISHED + "*")) {
      for (Path folder : left) {
        delete(folder);
      }
    }
  }

  /// Deletes a folder and all that is in it; links are not followed.
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
