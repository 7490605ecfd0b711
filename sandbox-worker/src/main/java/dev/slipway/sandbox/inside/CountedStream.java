package dev.slipway.sandbox.inside;

import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that knows how much was read of it, and breaks when that is too much: for whoever reads
/// it as any stream breaks, with the answer as the cause.
final class CountedStream extends FilterInputStream {
  private final long mostBytes;

  // CONFINED: to the thread that reads
  private long countBytes;

  CountedStream(InputStream in, long mostBytes) {
    super(in);
    this.mostBytes = mostBytes;
  }

  long countBytes() {
    return countBytes;
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    if (one >= 0) {
      count(1);
    }
    return one;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    if (read > 0) {
      count(read);
    }
    return read;
  }

  private void count(int bytes) throws IOException {
    countBytes += bytes;
    if (countBytes > mostBytes) {
      throw new IOException("it is too large", tooLarge(mostBytes));
    }
  }

  static ApiException tooLarge(long mostBytes) {
    return new ApiException(
        ErrorCode.TOO_LARGE, "A file may have at most %d MiB.".formatted(mostBytes >> 20));
  }
}
