package dev.slipway.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// PostgreSQL's programs, unpacked from the archive on the class path.
///
/// @param home folder with `bin`, `lib` and `share`
record PostgresBinaries(Path home) {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final int OWNER_MAY_EXECUTE = 0100;

  /// Unpacks the programs into a folder below `cache`, unless an earlier start has done so. The
  /// folder's name tells the archive apart, so that a newer version is unpacked beside it.
  static synchronized PostgresBinaries unpack(Path cache) {
    URL archive = PostgresBinaries.class.getResource(ARCHIVE);
    if (archive == null || !System.getProperty("os.arch").equals("amd64")) {
      throw new StartFailedException(
          "no PostgreSQL for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + ": set DATABASE_URL to a server of your own",
          null);
    }
    try {
      long size = archive.openConnection().getContentLengthLong();
      Path home = cache.resolve("postgres-" + size);
      if (!Files.exists(home)) {
        unpackAlone(archive, home);
      }
      return new PostgresBinaries(home);
    } catch (IOException e) {
      throw new StartFailedException("could not unpack PostgreSQL into " + cache, e);
    }
  }

  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  /// The tests of several modules may want it at the same time.
  private static void unpackAlone(URL archive, Path home) throws IOException {
    Path lock = Folders.createPrivate(Folders.parentOf(home)).resolve("postgres.lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      Folders.createAtomically(home, folder -> unpack(archive, folder));
    }
  }

  private static void unpack(URL archive, Path folder) throws IOException {
    try (InputStream in = archive.openStream();
        var tar =
            new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        write(tar, entry, folder);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path target = folder.resolve(entry.getName()).normalize();
    if (!target.startsWith(folder)) {
      throw new IOException("archive entry outside of its folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    boolean executable = (entry.getMode() & OWNER_MAY_EXECUTE) != 0;
    Files.setPosixFilePermissions(
        target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }
}
