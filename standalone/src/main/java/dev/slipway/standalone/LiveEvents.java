package dev.slipway.standalone;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// Live events over as many connections as it takes: one that ends, for whatever reason, is
/// followed by one that goes on right after the last event that was handled.
///
/// @param installation named to people when it was never reached
record LiveEvents(EventStream stream, URI installation, Progress progress) {
  private static final Duration MIN_PAUSE = Duration.ofMillis(200);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  /// Hands on what comes until the listener has enough.
  ///
  /// @throws CommandFailedException when there never was a connection, or the installation refuses
  void follow(EventStream.Listener listener) throws InterruptedException {
    Counting counting = new Counting(listener);
    Duration pause = MIN_PAUSE;
    boolean connected = false;
    while (true) {
      int before = counting.seen;
      try {
        if (!stream.read(counting)) {
          return;
        }
        connected = true;
        pause = MIN_PAUSE; // it was ended in order
      } catch (IOException _) {
        connected |= counting.seen > 0 || stream.hasBegun();
        if (!connected) {
          throw new CommandFailedException(
              ExitCode.UNREACHABLE, installation + " is not reachable");
        }
        progress.say("connection lost, trying again");
      }
      pause = counting.seen > before ? MIN_PAUSE : pause;
      wait(pause);
      pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
    }
  }

  /// Jittered, so that all who watched an instance that went do not come back together.
  private static void wait(Duration pause) throws InterruptedException {
    long nanos = pause.toNanos();
    LockSupport.parkNanos(nanos - ThreadLocalRandom.current().nextLong(nanos / 2));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static final class Counting implements EventStream.Listener {
    private final EventStream.Listener listener;
    private int seen; // CONFINED: to the thread that reads

    Counting(EventStream.Listener listener) {
      this.listener = listener;
    }

    @Override
    public boolean event(String json) {
      seen++;
      return listener.event(json);
    }

    @Override
    public boolean reset(String reason) {
      return listener.reset(reason);
    }
  }
}
