package dev.slipway.locale2b.box;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of one box on the host, in a directory that nobody else can enter.
record BoxFiles(Path directory) {
  private static final Logger log = LoggerFactory.getLogger(BoxFiles.class);

  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  Path home() {
    return directory.resolve("home");
  }

  Path root() {
    return directory.resolve("root");
  }

  Path tmp() {
    return directory.resolve("tmp");
  }

  Path errors() {
    return directory.resolve("errors");
  }

  /// Makes them, the home as the template has it, owned by whom the box's users are on the host.
  static BoxFiles create(Path directory, Path template, HostIds ids) throws IOException {
    Files.createDirectory(directory, OWNER_ONLY);
    BoxFiles files = new BoxFiles(directory);
    Files.createDirectory(files.home());
    Files.createDirectory(files.root());
    Files.createDirectory(files.tmp());
    if (!template.toString().isEmpty()) {
      copy(template, files.home());
    }
    if (ids.areOwn()) {
      own(files.home(), ids.user());
      own(files.root(), ids.root());
      own(files.tmp(), ids.root());
    }
    Files.setPosixFilePermissions(files.home(), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(files.root(), PosixFilePermissions.fromString("rwx------"));
    Files.setAttribute(files.tmp(), "unix:mode", 01777);
    return files;
  }

  private static void copy(Path template, Path home) throws IOException {
    Files.walkFileTree(
        template,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (!folder.equals(template)) {
              put(folder);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            put(file);
            return FileVisitResult.CONTINUE;
          }

          private void put(Path source) throws IOException {
            Files.copy(
                source,
                home.resolve(template.relativize(source)),
                StandardCopyOption.COPY_ATTRIBUTES,
                LinkOption.NOFOLLOW_LINKS);
          }
        });
  }

  private static void own(Path tree, int id) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            chown(file, id);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            chown(folder, id);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void chown(Path path, int id) throws IOException {
    if (!Integer.valueOf(id)
        .equals(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
      Files.setAttribute(path, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /// Deletes them, or says that they are left.
  void discard() {
    try {
      delete();
    } catch (IOException e) {
      log.atError().addKeyValue("directory", directory).setCause(e).log("box left files behind");
    }
  }

  /// Deletes them. `rm` goes down by directory, so that no path is too long for it.
  void delete() throws IOException {
    Process removal =
        new ProcessBuilder("rm", "-rf", "--", directory.toString())
            .redirectErrorStream(true)
            .start();
    removal.getOutputStream().close();
    byte[] said = removal.getInputStream().readAllBytes();
    if (Files.exists(directory)) {
      throw new IOException("not deleted: " + new String(said, StandardCharsets.UTF_8));
    }
  }
}
