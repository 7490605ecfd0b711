package dev.slipway.sandbox.e2b;

import java.io.IOException;
import java.io.InputStream;

/// A part of a file, as it comes.
final class FileStream extends InputStream {
  private final WatchedStream body;
  private final StreamFailures failures;

  // CONFINED: to the reading thread
  private long left;

  /// @param left at most so many bytes
  FileStream(WatchedStream body, long left, StreamFailures failures) {
    this.body = body;
    this.left = left;
    this.failures = failures;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    try {
      int count = body.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    } catch (IOException e) {
      throw failures.broken(e);
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public void close() {
    body.close();
  }
}
