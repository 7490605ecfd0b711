package dev.slipway.sandbox.git;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A folder that no other process has as long as this one lives: one of several in a shared
/// directory, the first that is free.
///
/// @param lock whose lock the system takes back when the process ends, however it does
record OwnFolder(Path path, FileChannel lock) implements AutoCloseable {
  private static final int MOST = 1_000;

  static OwnFolder claim(Path directory) throws IOException {
    var _ =
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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
