package dev.slipway.sandbox.e2b;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A body that is given up when the other side stays silent for too long while somebody reads. A
/// reader that takes its time is nobody's silence.
final class WatchedStream extends InputStream {
  private static final long NOBODY = Long.MAX_VALUE;
  private static final int LOOKS = 4;

  private final InputStream in;
  private final long limitNanos;
  private final LongSupplier nanos;
  private final ScheduledFuture<?> watch;

  // CONFINED: written by the reader, read by the watch
  private volatile long readingSince = NOBODY;
  // CONFINED: written by the watch
  private volatile boolean isSilent;

  /// @param timer looks from time to time
  /// @param nanos of a clock that only goes forward
  WatchedStream(
      InputStream in, Duration limit, ScheduledExecutorService timer, LongSupplier nanos) {
    this.in = in;
    this.nanos = nanos;
    this.limitNanos = limit.toNanos();
    long period = Math.max(1, limitNanos / LOOKS);
    this.watch = timer.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    readingSince = nanos.getAsLong();
    try {
      return checked(in.read(buffer, offset, length));
    } catch (IOException e) {
      throw isSilent ? silence() : e;
    } finally {
      readingSince = NOBODY;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /// Closing from the side looks like the end of the stream to who reads it.
  private int checked(int count) throws IOException {
    if (isSilent) {
      throw silence();
    }
    return count;
  }

  private IOException silence() {
    return new HttpTimeoutException(
        "not a byte for " + TimeUnit.NANOSECONDS.toMillis(limitNanos) + " ms");
  }

  /// Gives the body up when it has been silent for too long.
  void look() {
    long since = readingSince;
    if (since != NOBODY && nanos.getAsLong() - since > limitNanos) {
      isSilent = true;
      close();
    }
  }

  @Override
  public void close() {
    watch.cancel(false);
    try {
      in.close();
    } catch (IOException _) {
      // The connection is as closed as it gets, and what was read is read.
    }
  }
}
