package dev.slipway.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Reads one stream of a command's output as it comes, each byte once: after a lost connection it
/// goes on at the offset that it has come to.
///
/// @param operation that runs the command
/// @param stream `stdout` or `stderr`
record OutputReader(URI installation, String token, String operation, String stream) {
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Duration SILENCE_LIMIT = WAIT.plusSeconds(40);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// How long an installation may be away: what it does goes on without it.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int BUFFER_BYTES = 64 << 10;

  /// Where the bytes go.
  @FunctionalInterface
  interface Sink {
    /// Takes them at once.
    ///
    /// @param offset of the first of them
    /// @throws CommandFailedException when nobody takes any more
    void write(byte[] bytes, int count, long offset);
  }

  /// Reads to its end.
  void read(Sink sink) throws InterruptedException {
    long offset = 0;
    long answeredAt = System.nanoTime();
    Portion last = new Portion(0, false);
    while (!last.ended()) {
      try {
        last = portion(offset, sink);
        answeredAt = System.nanoTime();
      } catch (BrokenOffException e) {
        answeredAt = e.next() > offset ? System.nanoTime() : answeredAt;
        last = new Portion(e.next(), false);
        if (System.nanoTime() - answeredAt > PATIENCE.toNanos()) {
          throw new CommandFailedException(
              ExitCode.UNREACHABLE,
              "%s is not reachable; operation %s is not ended by that"
                  .formatted(installation, operation));
        }
      }
      if (last.next() == offset && !last.ended()) {
        pause();
      }
      offset = last.next();
    }
  }

  /// What one answer came to.
  ///
  /// @param next offset to ask for next
  private record Portion(long next, boolean ended) {}

  private Portion portion(long offset, Sink sink) throws BrokenOffException {
    long next = offset;
    try (ApiConnection connection = ApiConnection.to(address(offset), token, SILENCE_LIMIT)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      try (InputStream body = connection.header("Prefer", "wait=" + WAIT.toSeconds()).send()) {
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
          sink.write(buffer, count, next);
          next += count;
        }
      }
      return new Portion(
          Long.parseLong(connection.answered("Slipway-Output-Next")),
          Boolean.parseBoolean(connection.answered("Slipway-Output-Ended")));
    } catch (NumberFormatException _) {
      throw new CommandFailedException(
          ExitCode.FAILED, installation + " does not speak Slipway's API");
    } catch (IOException e) {
      throw new BrokenOffException(next, e);
    }
  }

  private URI address(long offset) {
    return installation.resolve(
        "/api/v1/operations/%s/output?stream=%s&offset=%d".formatted(operation, stream, offset));
  }

  private static void pause() throws InterruptedException {
    LockSupport.parkNanos(PAUSE.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /// The connection was lost; what came before that counts.
  private static final class BrokenOffException extends Exception {
    private final long next;

    BrokenOffException(long next, IOException cause) {
      super(cause);
      this.next = next;
    }

    long next() {
      return next;
    }
  }
}
