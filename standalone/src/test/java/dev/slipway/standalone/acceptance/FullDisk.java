package dev.slipway.standalone.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// A small file system of its own, which somebody else fills with a file.
final class FullDisk implements AutoCloseable {
  private static final int STEP = 64 * 1024;

  private final Path mount;
  private final Path filler;

  private FullDisk(Path mount) {
    this.mount = mount;
    this.filler = mount.resolve("filler");
  }

  /// Mounts one; empty where that is not allowed.
  ///
  /// @param size as `mount` takes it, such as `330m`
  static Optional<FullDisk> mount(String size) {
    try {
      Path mount = Files.createTempDirectory("slipway-disk-");
      if (run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mount.toString()) != 0) {
        Files.delete(mount);
        return Optional.empty();
      }
      return Optional.of(new FullDisk(mount));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return mount.resolve("data");
  }

  long freeBytes() {
    try {
      return Files.getFileStore(mount).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Fills it until no more than so much is free.
  void fillUntil(long freeBytes) {
    ByteBuffer zeros = ByteBuffer.allocate(STEP);
    try (FileChannel file =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (freeBytes() > freeBytes) {
        file.write(zeros.clear());
      }
    } catch (IOException e) {
      if (freeBytes() > freeBytes) { // else it was filled by others meanwhile
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Makes room again.
  void free() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Nobody works on it any more.
  @Override
  public void close() {
    try {
      int status = run("umount", mount.toString());
      if (status != 0) {
        throw new AssertionError("umount ended with " + status);
      }
      Files.delete(mount);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
