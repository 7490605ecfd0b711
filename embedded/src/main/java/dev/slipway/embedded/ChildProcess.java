package dev.slipway.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// A server that runs as a child of this JVM, in a session of its own so that Ctrl-C in a terminal
/// reaches only us and we end it in order. What it prints is appended to a log file.
final class ChildProcess {
  /// As a shell says it: 128 and the number of the signal.
  private static final int KILLED = 137;

  private static final long LOG_LIMIT_BYTES = 16L * 1024 * 1024;
  private static final int TAIL_LINES = 15;

  // Guarded by itself, as is `ending`.
  private static final Set<ChildProcess> RUNNING = new HashSet<>();
  private static boolean ending;

  private final Process process;
  private final Path log;
  private final List<Signal> endSignals;

  private ChildProcess(Process process, Path log, List<Signal> endSignals) {
    this.process = process;
    this.log = log;
    this.endSignals = endSignals;
  }

  /// Starts a child.
  ///
  /// @param endSignals how to end it
  static ChildProcess start(
      List<String> command,
      Path workingDirectory,
      Path log,
      Consumer<Map<String, String>> env,
      List<Signal> endSignals) {
    List<String> words = new ArrayList<>(List.of("setsid"));
    words.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(workingDirectory.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    env.accept(builder.environment());
    try {
      rotate(log);
      return start(builder, log, endSignals);
    } catch (IOException e) {
      throw new StartFailedException(
          "could not run " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  private static ChildProcess start(ProcessBuilder builder, Path log, List<Signal> endSignals)
      throws IOException {
    synchronized (RUNNING) {
      if (ending) {
        throw new StartFailedException("this process is ending", null);
      }
      ChildProcess child = new ChildProcess(builder.start(), log, endSignals);
      RUNNING.add(child);
      child.onExit(child::forget);
      return child;
    }
  }

  private void forget() {
    synchronized (RUNNING) {
      RUNNING.remove(this);
    }
  }

  /// Ends all children, and lets none start from now on.
  static void endAll() {
    List<ChildProcess> children;
    synchronized (RUNNING) {
      ending = true;
      children = List.copyOf(RUNNING);
    }
    children.forEach(ChildProcess::end);
  }

  private static void rotate(Path log) throws IOException {
    Files.createDirectories(Folders.parentOf(log));
    if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
      Path old = log.resolveSibling(log.getFileName() + ".1");
      Files.move(log, old, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Calls back once, when the process has ended for whatever reason.
  void onExit(Runnable action) {
    var _ = process.onExit().thenRun(action);
  }

  void end() {
    if (process.isAlive()) {
      Signal.end(process.pid(), endSignals);
    }
  }

  /// Whether it had to be killed, once it was told to end.
  boolean wasKilled() {
    return process.onExit().join().exitValue() == KILLED;
  }

  /// The last lines of the log, for the message of a failed start.
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
