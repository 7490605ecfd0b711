package dev.slipway.sandbox.git;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.git.GitRun.Remote;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The machine's git, with our configuration alone: none of the system's or of a user's, no hooks,
/// no redirects, no protocol but the one of the address at hand. Whatever it begins ends with this
/// process, also when that is killed.
final class Git {
  private static final Logger log = LoggerFactory.getLogger(Git.class);
  private static final String SCRIPT = GitScript.read("git.sh");
  private static final long MOST_MEMORY_BYTES = 4L << 30;
  private static final long MOST_TOLD_BYTES = 64 << 10;
  private static final long MOST_PRINTED_BYTES = 64 << 20;
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PROBE = Duration.ofSeconds(10);

  /// What ends by itself when its time is over, ends so much later: we are to say so first.
  static final Duration GRACE = Duration.ofSeconds(2);

  private final Path directory;
  private final Duration timeout;
  private final Map<String, String> environment;
  private final List<String> withoutNetwork;

  private Git(
      Path directory,
      Duration timeout,
      Map<String, String> environment,
      List<String> withoutNetwork) {
    this.directory = directory;
    this.timeout = timeout;
    this.environment = environment;
    this.withoutNetwork = withoutNetwork;
  }

  /// @param directory where it runs, and writes what it says
  /// @param timeout of each run
  static Git in(Path directory, Duration timeout, Map<String, String> environment) {
    var bare = new Git(directory, timeout, environment, List.of());
    List<String> walls = List.of("unshare", "--user", "--map-current-user", "--net", "--");
    if (new Git(directory, PROBE, environment, walls).works()) {
      return new Git(directory, timeout, environment, walls);
    }
    if (!bare.works()) {
      log.atWarn().log("no repository can be had: install git and util-linux (setsid)");
    }
    return bare;
  }

  /// The same, with another time for each run.
  Git within(Duration time) {
    return new Git(directory, time, environment, withoutNetwork);
  }

  Duration timeout() {
    return timeout;
  }

  private boolean works() {
    try {
      return run(GitRun.of("version"), () -> false).exit() == 0;
    } catch (UncheckedIOException _) {
      return false; // not there
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// What came of a run.
  ///
  /// @param output of a run that prints for the caller
  record Done(int exit, String output, String errors) {
    /// Without the line feed at its end.
    String line() {
      return output.strip();
    }
  }

  /// Runs it and wants it to succeed.
  ///
  /// @param isStopped whether nobody wants it any more
  /// @throws GitException saying why it did not
  Done succeed(GitRun run, BooleanSupplier isStopped) throws InterruptedException {
    Done done = run(run, isStopped);
    if (done.exit() != 0) {
      throw Complaints.of(done.errors());
    }
    return done;
  }

  /// Runs it.
  ///
  /// @throws GitException `timeout`: it took too long
  /// @throws InterruptedException also when nobody wants it any more
  Done run(GitRun run, BooleanSupplier isStopped) throws InterruptedException {
    Path output = run.output() == null ? file("out") : run.output();
    Path errors = file("err");
    try {
      Process process = start(run, output, errors);
      try {
        int exit = await(process, isStopped);
        return new Done(exit, run.output() == null ? printed(output) : "", told(errors));
      } finally {
        end(process);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(errors);
      if (run.output() == null) {
        delete(output);
      }
    }
  }

  private Path file(String name) {
    try {
      return Files.createTempFile(directory, "git-", "." + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(GitRun run, Path output, Path errors) throws IOException {
    var command = new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, "slipway-git"));
    command.add(Long.toString(timeout.plus(GRACE).toSeconds()));
    command.add(Long.toString(MOST_MEMORY_BYTES));
    command.add(Long.toString(run.mostBytes()));
    command.add(run.input().toString());
    if (run.remote() == null) {
      command.addAll(withoutNetwork);
    }
    command.addAll(run.command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().putAll(GitSettings.of(run, directory, environment));
    Process process = builder.start();
    try {
      process.getOutputStream().write(credential(run.remote()));
      process.getOutputStream().flush();
    } catch (IOException e) {
      end(process);
      throw e;
    }
    return process;
  }

  private static byte[] credential(@Nullable Remote remote) {
    Secret secret = remote == null ? null : remote.credential();
    String lines =
        secret == null ? "" : "username=x-access-token\npassword=%s\n".formatted(secret.value());
    return (lines + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private int await(Process process, BooleanSupplier isStopped) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      if (isStopped.getAsBoolean()) {
        throw new StoppedException();
      }
      if (System.nanoTime() - end > 0) {
        throw new GitException(
            GitCode.TIMEOUT, "Git was not done within %d seconds.".formatted(timeout.toSeconds()));
      }
    }
    return process.exitValue();
  }

  /// With all that it has begun: see the script.
  private static void end(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // it has ended
    }
    var _ =
        process
            .onExit()
            .completeOnTimeout(process, PROBE.toSeconds(), TimeUnit.SECONDS)
            .join()
            .destroyForcibly();
  }

  /// What a run has printed into a file, its bytes each as a character: names are kept as they are.
  ///
  /// @throws GitException `too_large`: it is more than can be looked at
  static String printed(Path output) {
    try {
      if (Files.size(output) > MOST_PRINTED_BYTES) {
        throw new GitException(GitCode.TOO_LARGE, "Git has more to tell than can be looked at.");
      }
      return Files.readString(output, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String told(Path errors) throws IOException {
    try (InputStream in = Files.newInputStream(errors)) {
      return new String(in.readNBytes((int) MOST_TOLD_BYTES), StandardCharsets.UTF_8);
    }
  }
}
