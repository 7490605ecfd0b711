package dev.slipway.sandbox.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// So many bytes of a stream, and then its end.
final class FirstBytes extends FilterInputStream {
  // CONFINED: to the thread that reads
  private long leftBytes;

  FirstBytes(InputStream in, long bytes) {
    super(in);
    this.leftBytes = bytes;
  }

  @Override
  public int read() throws IOException {
    if (leftBytes == 0) {
      return -1;
    }
    int one = super.read();
    leftBytes--;
    return one;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (leftBytes == 0) {
      return -1;
    }
    int read = super.read(target, offset, (int) Math.min(length, leftBytes));
    leftBytes -= Math.max(0, read);
    return read;
  }
}
