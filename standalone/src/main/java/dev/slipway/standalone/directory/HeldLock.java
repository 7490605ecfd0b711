package dev.slipway.standalone.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A lock on a file, which the operating system gives back when this process ends, however it ends.
///
/// Nothing else in this JVM may open the file: on Linux, closing any descriptor of it gives the
/// lock back.
final class HeldLock implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private HeldLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /// Takes the lock unless another process, or another part of this one, has it.
  static Optional<HeldLock> tryTake(Path file) {
    try {
      FileChannel channel = open(file);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(new HeldLock(channel, lock));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes the lock, waiting for another process to give it back.
  static HeldLock take(Path file) {
    try {
      FileChannel channel = open(file);
      return new HeldLock(channel, channel.lock());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Notes in the file what holds the lock, for the message that others get.
  void note(String text) {
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }
}
