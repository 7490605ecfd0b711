package dev.slipway.localgithub.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs the machine's git, with no configuration but what is given here. Threads that call it are
/// platform threads: a pipe keeps a virtual thread's carrier.
public final class Git implements AutoCloseable {
  private static final int ERROR_BYTES = 64 << 10;

  private final ExecutorService pumps = Executors.newCachedThreadPool(Git::thread);

  private static Thread thread(Runnable task) {
    return Thread.ofPlatform().daemon().name("local-github-git").unstarted(task);
  }

  /// What a git ended with.
  static final class Ended {
    private final int exit;
    private final byte[] out;
    private final String err;

    private Ended(int exit, byte[] out, String err) {
      this.exit = exit;
      this.out = out;
      this.err = err;
    }

    int exit() {
      return exit;
    }

    /// What it wrote on standard output.
    byte[] out() {
      return out.clone();
    }

    String text() {
      return new String(out, StandardCharsets.UTF_8);
    }

    /// What it wrote when nothing can have gone wrong but by our fault.
    String succeeded() {
      if (exit != 0) {
        throw new IllegalStateException("git ended with " + exit + ": " + err.strip());
      }
      return text();
    }
  }

  /// Runs it to its end.
  ///
  /// @param directory a bare repository
  /// @param environment besides what each git gets
  /// @param input what it reads on standard input
  Ended run(Path directory, Map<String, String> environment, byte[] input, List<String> arguments) {
    try {
      Process process = start(directory, environment, arguments);
      Future<String> err = errors(process);
      Future<Boolean> written =
          pumps.submit(() -> {
            try (OutputStream in = process.getOutputStream()) {
              in.write(input);
            } catch (IOException _) {
              return false; // it did not want all of it, and its status says why
            }
            return true;
          });
      byte[] out = process.getInputStream().readAllBytes();
      boolean _ = await(written);
      return new Ended(process.waitFor(), out, await(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      throw interrupted();
    }
  }

  /// Runs one that talks with a client.
  ///
  /// @param in what the client sends; it is read to its end
  /// @param out where its answer goes, as it comes
  Ended talk(
      Path directory,
      Map<String, String> environment,
      List<String> arguments,
      InputStream in,
      OutputStream out)
      throws IOException {
    Process process = start(directory, environment, arguments);
    try {
      Future<String> err = errors(process);
      Future<Boolean> sent =
          pumps.submit(() -> {
            try (OutputStream to = process.getOutputStream()) {
              in.transferTo(to);
            } catch (IOException _) {
              return false; // either has gone, and git's status says which
            }
            return true;
          });
      process.getInputStream().transferTo(out);
      int exit = process.waitFor();
      if (exit == 0) {
        boolean _ = await(sent);
      }
      return new Ended(exit, new byte[0], await(err));
    } catch (InterruptedException _) {
      throw interrupted();
    } finally {
      process.destroyForcibly();
    }
  }

  private Future<String> errors(Process process) {
    return pumps.submit(() -> {
      try (InputStream err = process.getErrorStream()) {
        String text = new String(err.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8);
        err.transferTo(OutputStream.nullOutputStream());
        return text;
      }
    });
  }

  private static Process start(
      Path directory, Map<String, String> environment, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", path,
                "LC_ALL", "C",
                "HOME", "/nonexistent",
                "GIT_DIR", directory.toString(),
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_TERMINAL_PROMPT", "0"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Does something on a platform thread.
  ///
  /// @throws IOException what it ended with
  public <T> T onPlatformThread(Callable<T> action) throws IOException {
    try {
      return pumps.submit(action).get();
    } catch (InterruptedException _) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static <T> T await(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /// Throws what a task ended with.
  private static IOException failure(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException cause -> cause;
      case RuntimeException cause -> throw cause;
      case Error cause -> throw cause;
      case null, default -> throw new IllegalStateException("a task failed", e);
    };
  }

  private static IllegalStateException interrupted() {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while git ran");
  }

  /// Has the threads end that nobody waits for.
  @Override
  public void close() {
    pumps.shutdownNow();
  }
}
