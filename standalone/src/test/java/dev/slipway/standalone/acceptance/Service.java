package dev.slipway.standalone.acceptance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One process of the product, started by `./slipway up` or `./slipway run`.
final class Service {
  private final String name;
  private final Process process;
  private final Path log;

  Service(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /// Waits for the line that says it is ready.
  Service awaitReady(Duration atMost) {
    await(name + " to be ready")
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(20))
        .failFast(() -> {
          if (!process.isAlive()) {
            throw new IllegalStateException(
                "%s ended with %d%n%s".formatted(name, process.exitValue(), tail()));
          }
        })
        .conditionEvaluationListener(condition -> {
          if (condition.getRemainingTimeInMS() <= 0) {
            System.err.println(tail());
          }
        })
        .until(() -> readyLine().isPresent());
    return this;
  }

  /// `slipway ready …`, once it has been printed.
  Optional<String> readyLine() {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.startsWith("slipway ready")).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All that it printed.
  String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The exit code, once it has ended.
  int awaitExit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), MILLISECONDS)) {
        throw new AssertionError(name + " has not ended within " + atMost + "\n" + tail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// SIGTERM to the process itself, as a service manager sends it.
  void terminate() {
    process.destroy();
  }

  /// SIGKILL to the process itself; what it started stays behind, orphaned.
  void kill() {
    process.destroyForcibly();
    int _ = awaitExit(Duration.ofSeconds(20));
  }

  /// SIGKILL to the process and all that it started.
  void killWithChildren() {
    List<ProcessHandle> children = children();
    kill();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /// SIGSTOP to the process itself, until [#thaw()].
  void freeze() {
    Signals.stop(process.toHandle());
  }

  void thaw() {
    Signals.goOn(process.toHandle());
  }

  /// What it started and what those started.
  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  private String tail() {
    List<String> lines = printed().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }
}
