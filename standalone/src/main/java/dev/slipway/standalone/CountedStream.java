package dev.slipway.standalone;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Says how far it has been read, when that takes long, and knows whether it was what failed.
final class CountedStream extends FilterInputStream {
  private static final long SAY_AFTER_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int KIB = 1_024;

  private final String name;
  private final long length;
  private final Progress progress;

  // CONFINED: to the thread that reads, but for the failure
  private long count;
  private long saidAt = System.nanoTime();
  private volatile @Nullable IOException failure;

  /// @param length of all of it; negative when nobody knows
  CountedStream(InputStream in, String name, long length, Progress progress) {
    super(in);
    this.name = HarmlessWriter.escaped(name);
    this.length = length;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    try {
      int read = super.read(buffer, offset, size);
      count(Math.max(0, read));
      return read;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void count(int read) {
    count += read;
    long now = System.nanoTime();
    if (now - saidAt > SAY_AFTER_NANOS) {
      saidAt = now;
      String all = length < 0 ? "" : " of " + length / KIB;
      progress.say("%s: %d%s KiB".formatted(name, count / KIB, all));
    }
  }

  /// Ends the command when it was this that could not be read.
  void throwFailure(int exitCode, String message) {
    if (failure != null) {
      throw new CommandFailedException(exitCode, message);
    }
  }
}
