package dev.slipway.standalone.parts;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the parts of this process in the reverse of the order in which they started, when it is
/// told to end: by SIGTERM, by Ctrl-C, by a failed start. Longer than [#LIMIT] it does not take:
/// then the process goes, and the next start ends what it left behind.
public final class Shutdown implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shutdown.class);

  /// Less than the half minute that is promised, so that the rest of the JVM has time to end.
  private static final Duration LIMIT = Duration.ofSeconds(25);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CountDownLatch begun = new CountDownLatch(1);

  private Shutdown() {}

  /// Begins with the end of the JVM, at the latest.
  public static Shutdown install() {
    Shutdown shutdown = new Shutdown();
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::closeInTime, "shutdown"));
    return shutdown;
  }

  /// Adds a part that has started; it will end before those added earlier.
  public <T extends AutoCloseable> T add(T part) {
    synchronized (parts) {
      if (begun.getCount() > 0) {
        parts.push(part);
        return part;
      }
    }
    close(part);
    return part;
  }

  /// Waits for the end to begin.
  public void await() throws InterruptedException {
    begun.await();
  }

  @Override
  public void close() {
    begun.countDown();
    for (AutoCloseable part = next(); part != null; part = next()) {
      close(part);
    }
  }

  private void closeInTime() {
    Thread closing = Thread.ofPlatform().daemon().name("close-parts").start(this::close);
    try {
      if (!closing.join(LIMIT)) {
        log.atError().log("shutdown takes too long, giving up");
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable AutoCloseable next() {
    synchronized (parts) {
      return parts.poll();
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) { // of AutoCloseable: the other parts must end all the same
      log.atError().setCause(e).log("part did not end well");
    }
  }
}
