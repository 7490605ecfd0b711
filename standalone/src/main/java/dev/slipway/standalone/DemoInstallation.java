package dev.slipway.standalone;

import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.standalone.directory.Holder;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The installation that the demo is given on: the one that runs on the data directory, else one
/// that is started for it as a process of its own, and ended after it.
final class DemoInstallation implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final int LOOKS_BETWEEN_WORDS = 50;
  private static final int LAST_LINES = 10;

  /// What stands in the table of `up` before why a part is not there.
  private static final String NONE = " none: ";

  /// Longer than a stop may take.
  private static final Duration END = Duration.ofSeconds(30);

  private final @Nullable Process started;
  private final boolean kept;

  private DemoInstallation(@Nullable Process started, boolean kept) {
    this.started = started;
    this.kept = kept;
  }

  /// What is to be started where nothing runs.
  ///
  /// @param without variables of the environment that it is not to see
  /// @param kept whether it lives on afterwards
  record Wanted(Set<String> without, boolean kept) {}

  /// Finds it, or starts it, and waits until it is ready.
  static DemoInstallation open(GlobalOptions options, Wanted wanted, Progress progress)
      throws IOException, InterruptedException {
    if (options.url != null) {
      return new DemoInstallation(null, true);
    }
    DataDirectory directory = options.openDirectory();
    if (isRunning(directory, progress)) {
      return new DemoInstallation(null, true);
    }
    progress.say("starting Slipway on " + directory.root());
    Path log = directory.log("demo");
    Process process = start(options, wanted, log);
    var installation = new DemoInstallation(process, wanted.kept());
    try {
      if (!wanted.kept()) {
        Runtime.getRuntime().addShutdownHook(new Thread(installation::close, "end-demo"));
      }
      if (!awaitReady(directory, process::isAlive, progress)) {
        throw new CommandFailedException(process.waitFor(), lastWords(directory.log("demo")));
      }
      return installation;
    } catch (RuntimeException | InterruptedException e) {
      installation.end();
      throw e;
    }
  }

  /// Whether it runs, and is ready; one that is just ending is not.
  private static boolean isRunning(DataDirectory directory, Progress progress)
      throws InterruptedException {
    Optional<Holder> holder = directory.holder();
    if (holder.isEmpty()) {
      return false;
    }
    if (!holder.get().command().equals("up")) {
      throw new CommandFailedException(
          ExitCode.PREREQUISITE,
          "%s is in use by %s: the demo needs `slipway up`, or another --data-dir"
              .formatted(directory.root(), holder.get()));
    }
    progress.say("using what runs on " + directory.root());
    return awaitReady(directory, () -> directory.holder().isPresent(), progress);
  }

  private static Process start(GlobalOptions options, Wanted wanted, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    if (wanted.kept() && isThere("setsid")) {
      command.add("setsid"); // else it would go with the terminal
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String path = System.getProperty("java.class.path");
    if (path.contains(File.pathSeparator)) {
      command.addAll(List.of("-cp", path, Slipway.class.getName()));
    } else {
      command.addAll(List.of("-jar", path));
    }
    command.addAll(
        List.of(
            "up",
            "--data-dir",
            options.dataDir.toAbsolutePath().toString(),
            "--port",
            Integer.toString(options.port)));
    if (!wanted.kept()) {
      command.addAll(List.of("--ends-with", Long.toString(ProcessHandle.current().pid())));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(new File("/dev/null"));
    builder.environment().keySet().removeAll(wanted.without());
    return builder.start();
  }

  private static boolean isThere(String program) {
    return Set.of("/usr/bin/", "/bin/").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
  }

  /// @param alive whether it is worth waiting for
  /// @return whether it is ready; false when it is gone
  private static boolean awaitReady(
      DataDirectory directory, BooleanSupplier alive, Progress progress)
      throws InterruptedException {
    long began = System.nanoTime();
    for (int looks = 1; !isReady(directory); looks++) {
      if (!alive.getAsBoolean()) {
        return false;
      }
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new CommandFailedException(
            ExitCode.TIMED_OUT, "Slipway is not ready; see " + directory.root().resolve("logs"));
      }
      if (looks % LOOKS_BETWEEN_WORDS == 0) {
        progress.say("  … %d s".formatted((System.nanoTime() - began) / 1_000_000_000));
      }
      pause();
    }
    return true;
  }

  /// Whether who claimed the directory has said where it is, and is ready there.
  private static boolean isReady(DataDirectory directory) throws InterruptedException {
    Optional<String> url = Endpoints.read(directory).find(Endpoint.SLIPWAY);
    if (url.isEmpty() || directory.holder().isEmpty()) {
      return false;
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url.get()).resolve("/readyz"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private static String lastWords(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return "Slipway did not start: "
          + HarmlessWriter.escaped(
              String.join(
                  " / ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
    } catch (IOException _) {
      return "Slipway did not start";
    }
  }

  private static void pause() throws InterruptedException {
    LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /// Why it runs no sandboxes, as it said when it was started; empty where it does.
  Optional<String> withoutSandboxes(GlobalOptions options) throws IOException {
    return started == null || Endpoints.read(options.dataDir).find(Endpoint.E2B).isPresent()
        ? Optional.empty()
        : Files.readAllLines(options.openDirectory().log("demo")).stream()
            .filter(line -> line.contains(NONE))
            .map(line -> line.substring(line.indexOf(NONE) + NONE.length()).strip())
            .findFirst();
  }

  /// Its process, where it goes on after the demo; empty where it does not, or is another's.
  Optional<Long> left() {
    return started != null && kept ? Optional.of(started.pid()) : Optional.empty();
  }

  /// Whether it ends with the demo.
  boolean isOwn() {
    return started != null && !kept;
  }

  /// Ends what was started, unless it is to be kept.
  @Override
  public void close() {
    if (!kept) {
      end();
    }
  }

  private void end() {
    if (started == null) {
      return;
    }
    started.destroy();
    try {
      if (!started.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        Process _ = started.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
