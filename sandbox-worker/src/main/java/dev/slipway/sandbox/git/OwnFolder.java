package dev.slipway.sandbox.git;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A folder that no other process has as long as this one lives: one of several in a shared
/// directory, the first that is free.
///
/// @param lock whose lock the system takes back when the process ends, however it does
record OwnFolder(Path path, FileChannel lock) implements AutoCloseable {
  private static final int MOST = 1_000;
  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rwx------");

  /// As [#claim], in a directory that anybody could have made, such as one for temporary files.
  ///
  /// @throws IOException somebody else has made it, or others may write there
  static OwnFolder claimInShared(Path directory) throws IOException {
    create(directory);
    PosixFileAttributes found =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory()
        || !found.owner().equals(Files.getOwner(Path.of("/proc/self")))
        || !found.permissions().equals(OURS_ALONE)) {
      throw new IOException(
          "%s is not this user's alone: remove it, or set slipway.git.directory"
              .formatted(directory));
    }
    return claim(directory);
  }

  private static void create(Path directory) throws IOException {
    var _ = Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OURS_ALONE));
  }

  static OwnFolder claim(Path directory) throws IOException {
    create(directory);
    for (int n = 0; n < MOST; n++) {
      Path folder = Files.createDirectories(directory.toRealPath().resolve("worker-" + n));
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isTaken(channel)) {
        channel.close();
      } else {
        return new OwnFolder(folder, channel);
      }
    }
    throw new IOException("all %d folders in %s are taken".formatted(MOST, directory));
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException _) {
      return true; // by this process
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
