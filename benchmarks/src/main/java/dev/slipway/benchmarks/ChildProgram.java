package dev.slipway.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A program that runs beside this one, and never longer than it.
public final class ChildProgram implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration END_LIMIT = Duration.ofSeconds(35);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Process process;
  private final Path output;
  private final Thread hook;

  private ChildProgram(Process process, Path output) {
    this.process = process;
    this.output = output;
    this.hook = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// What to start.
  ///
  /// @param environment beside what this process has
  public record Command(List<String> words, Path folder, Map<String, String> environment) {
    public Command {
      words = List.copyOf(words);
      environment = Map.copyOf(environment);
    }

    private Process start(Path output) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return builder.start();
    }
  }

  /// Starts a server and returns once it has printed a line that begins so.
  public static ChildProgram start(Command command, String readyLine)
      throws IOException, InterruptedException {
    return start(command, (String line) -> line.startsWith(readyLine));
  }

  /// Starts a server and returns once it has printed such a line.
  public static ChildProgram start(Command command, Predicate<String> ready)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("slipway-bench", ".log");
    ChildProgram child = new ChildProgram(command.start(output), output);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (Files.readString(output).lines().noneMatch(ready)) {
      if (!child.process.isAlive() || System.nanoTime() > deadline) {
        String printed = Files.readString(output);
        child.close();
        throw new IOException(command.words().getFirst() + " did not start:\n" + printed);
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return child;
  }

  /// Runs a program to its end.
  ///
  /// @return what it printed
  /// @throws IOException when its exit status is not 0
  public static String run(Command command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("slipway-bench", ".log");
    try (ChildProgram child = new ChildProgram(command.start(output), output)) {
      int status = child.process.waitFor();
      String printed = Files.readString(output);
      if (status != 0) {
        throw new IOException(
            "%s ended with status %d:%n%s".formatted(command.words().getFirst(), status, printed));
      }
      return printed;
    }
  }

  /// Its process and those that it has started.
  public List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    Files.delete(output);
  }
}
