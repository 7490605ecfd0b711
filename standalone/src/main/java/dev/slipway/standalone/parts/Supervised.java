package dev.slipway.standalone.parts;

import dev.slipway.embedded.ChildServer;
import dev.slipway.embedded.StartFailedException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a child running: when it ends without being told to, killed for instance, it is started
/// again, on the same data and the same port.
final class Supervised implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Supervised.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final String name;
  private final Supplier<? extends ChildServer> starter;
  private volatile ChildServer current;
  private volatile boolean closing;

  private Supervised(String name, Supplier<? extends ChildServer> starter) {
    this.name = name;
    this.starter = starter;
    current = starter.get();
  }

  /// Starts the child and returns once it serves.
  static Supervised start(String name, Supplier<? extends ChildServer> starter) {
    Supervised supervised = new Supervised(name, starter);
    supervised.watch();
    return supervised;
  }

  private void watch() {
    current.onExit(() -> Thread.ofVirtual().name("restart-" + name).start(this::restart));
  }

  private void restart() {
    Duration pause = SHORTEST_PAUSE;
    while (!closing) {
      log.atError().addKeyValue("server", name).log("server has ended, starting it again");
      LockSupport.parkNanos(pause.toNanos());
      try {
        ChildServer started = starter.get();
        current = started;
        if (closing) {
          started.close();
        } else {
          watch();
        }
        return;
      } catch (StartFailedException e) {
        log.atError().addKeyValue("server", name).setCause(e).log("server does not start");
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    current.close();
  }
}
