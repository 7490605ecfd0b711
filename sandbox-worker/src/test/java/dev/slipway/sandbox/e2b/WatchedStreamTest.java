package dev.slipway.sandbox.e2b;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchedStreamTest {
  // Its timer would look only after a quarter of this: the tests look themselves.
  private static final Duration LIMIT = Duration.ofHours(1);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void aSideThatIsSilentForTooLongIsGivenUp() {
    // The other side sends nothing; the watch looks meanwhile.
    WatchedStream stream = watchedWhileReading(LIMIT.toNanos() + 1, -1);

    assertThatThrownBy(stream::read)
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessage("not a byte for 3600000 ms");
  }

  @Test
  void signsOfLifeKeepAStreamOpen() throws IOException {
    WatchedStream stream = watchedWhileReading(LIMIT.toNanos(), 1);

    for (int sign = 0; sign < 10; sign++) {
      assertThat(stream.read()).isEqualTo(1);
    }
  }

  @Test
  void aReaderThatTakesItsTimeIsNobodysSilence() throws IOException {
    WatchedStream stream = watch(new ByteArrayInputStream(new byte[] {1, 2}));

    assertThat(stream.read()).isEqualTo(1);
    nanos.addAndGet(LIMIT.toNanos() * 2);
    stream.look();

    assertThat(stream.read()).isEqualTo(2);
    assertThat(stream.read()).isEqualTo(-1);
  }

  /// A stream each of whose reads takes so long, with a look at its end.
  private WatchedStream watchedWhileReading(long duration, int result) {
    var watched = new AtomicReference<@Nullable WatchedStream>();
    var stream =
        watch(
            new Reads(() -> {
              nanos.addAndGet(duration);
              Objects.requireNonNull(watched.get()).look();
              return result;
            }));
    watched.set(stream);
    return stream;
  }

  private WatchedStream watch(InputStream in) {
    return new WatchedStream(in, LIMIT, timer, nanos::get);
  }

  /// One byte at a time.
  private static final class Reads extends InputStream {
    private final IntSupplier next;

    Reads(IntSupplier next) {
      this.next = next;
    }

    @Override
    public int read() {
      return next.getAsInt();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int value = next.getAsInt();
      if (value < 0) {
        return -1;
      }
      buffer[offset] = (byte) value;
      return 1;
    }
  }
}
