package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One process of the installation, which is started again whenever it has ended, as by a
/// supervisor.
final class Member {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration END_LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration BEFORE_ANOTHER_START = Duration.ofSeconds(1);
  private static final String READY = "slipway ready";

  private final String name;
  private final List<String> words;
  private final Map<String, String> environment;
  private final Path folder;
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicInteger unexpected = new AtomicInteger();

  // CONFINED: to who holds this
  private @Nullable Process process;
  private boolean isMeantToEnd;

  /// @param words what is run
  /// @param environment all of it
  /// @param folder where it runs, and where what it prints is kept
  Member(String name, List<String> words, Map<String, String> environment, Path folder) {
    this.name = name;
    this.words = List.copyOf(words);
    this.environment = Map.copyOf(environment);
    this.folder = folder;
  }

  String name() {
    return name;
  }

  /// Starts it, without waiting.
  synchronized void start() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log(starts.incrementAndGet()).toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process started = builder.start();
      process = started;
      var _ = started.onExit().thenAccept(this::ended);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  private Path log(int start) {
    return folder.resolve("%s-%d.log".formatted(name.replace(' ', '-'), start));
  }

  /// By itself, or by a hand that is not ours.
  private void ended(Process which) {
    synchronized (this) {
      if (isMeantToEnd || !which.equals(process)) {
        return;
      }
      int _ = unexpected.incrementAndGet();
    }
    LockSupport.parkNanos(BEFORE_ANOTHER_START.toNanos());
    synchronized (this) {
      if (!isMeantToEnd && which.equals(process)) {
        start();
      }
    }
  }

  /// Waits until it has said that it is ready since its last start.
  ///
  /// @throws IOException when it does not
  void awaitReady() throws IOException {
    long began = System.nanoTime();
    while (!isReady()) {
      if (System.nanoTime() - began > START_LIMIT.toNanos()) {
        throw new IOException(
            "%s is not ready after %d s, see %s"
                .formatted(name, START_LIMIT.toSeconds(), log(starts.get())));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private boolean isReady() throws IOException {
    try (Stream<String> lines = Files.lines(log(starts.get()))) {
      return lines.anyMatch(line -> line.startsWith(READY));
    }
  }

  /// SIGKILL to itself alone, and another start at once.
  synchronized void killAndStart() {
    Process old = process;
    process = null; // its end is meant
    if (old != null) {
      end(old.destroyForcibly());
    }
    start();
  }

  /// SIGSTOP, until [#thaw()].
  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  private synchronized void signal(String signal) {
    if (process != null && process.isAlive()) {
      Signals.send(signal, process.toHandle());
    }
  }

  /// How often it ended without being told to.
  int unexpectedEnds() {
    return unexpected.get();
  }

  /// SIGKILL to it and all that it has started, for good.
  synchronized void kill() {
    isMeantToEnd = true;
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /// SIGTERM, so that it ends what it has started; SIGKILL when it takes too long.
  synchronized void stop() {
    isMeantToEnd = true;
    if (process != null && process.isAlive()) {
      Signals.send("CONT", process.toHandle());
      process.destroy();
    }
  }

  /// Waits for the end of [#stop()].
  void awaitEnd() {
    Process last;
    synchronized (this) {
      last = process;
    }
    if (last != null) {
      end(last);
    }
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
