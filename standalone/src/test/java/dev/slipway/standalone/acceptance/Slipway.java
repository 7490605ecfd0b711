package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One installation of the product: a data directory of its own, seven ports, and the processes
/// that were started on them. Closing it ends them all and removes the directory.
final class Slipway implements AutoCloseable {
  /// Long enough for the first start after a build on a busy machine; what the product promises is
  /// asserted where it matters.
  static final Duration START = Duration.ofMinutes(4);

  private static final Duration COMMAND = Duration.ofMinutes(4);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path folder;
  private final Path data;
  private final int port;

  /// Most processes live for seconds, in which to compile well costs more than it brings.
  private final Map<String, String> environment =
      new HashMap<>(Map.of("SLIPWAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1"));

  private final List<Service> services = new CopyOnWriteArrayList<>();

  private Slipway(Path folder, Path data, int port) {
    this.folder = folder;
    this.data = data;
    this.port = port;
  }

  /// An empty data directory and free ports; nothing runs yet. The directory's name is one that
  /// people use and scripts forget to quote.
  static Slipway fresh() {
    Path folder = folder();
    return new Slipway(folder, folder.resolve("data of it"), Ports.row());
  }

  /// As the other, with its data elsewhere, which is not removed in the end.
  static Slipway on(Path data) {
    return new Slipway(folder(), data, Ports.row());
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("slipway-it-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sets a variable of the environment of all that is started from now on.
  Slipway with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /// `./slipway up` until it is ready.
  Service up() {
    return start("up").awaitReady(START);
  }

  /// Starts `./slipway <arguments>` on this directory and these ports, without waiting.
  Service start(String... arguments) {
    return start(port, Map.of(), arguments);
  }

  /// As [#start(String...)], on other ports.
  Service startOn(int basePort, String... arguments) {
    return start(basePort, Map.of(), arguments);
  }

  /// As [#start(String...)], with more variables in its environment.
  Service startWith(Map<String, String> variables, String... arguments) {
    return start(port, variables, arguments);
  }

  private Service start(int basePort, Map<String, String> variables, String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--data-dir", data().toString(), "--port", Integer.toString(basePort)));
    String name = String.join(" ", arguments);
    try {
      Path log = Files.createTempFile(folder, name.replaceAll("[^a-z-]+", "-") + "-", ".log");
      ProcessBuilder builder = builder(command);
      builder.environment().putAll(variables);
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      Service service = new Service(name, process, log);
      services.add(service);
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts the local E2B server as a process of its own; where sandboxes cannot be isolated the
  /// test is given up.
  Service localE2b() {
    Service started = start("run", "local-e2b");
    await("the server, or why there is none")
        .atMost(START)
        .until(() -> started.readyLine().isPresent() || !started.alive());
    if (started.printed().contains("bubblewrap")) {
      Assumptions.abort(started.printed());
    }
    return started.awaitReady(START);
  }

  /// Runs a command to its end, against this installation.
  CommandResult command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--data-dir", data().toString()));
    return plainCommand(command.toArray(String[]::new));
  }

  /// Runs a command exactly as given.
  CommandResult plainCommand(String... arguments) {
    try (RunningCommand running = begin(arguments)) {
      return running.awaitEnd(COMMAND);
    }
  }

  /// Starts a command exactly as given, without input.
  RunningCommand begin(String... arguments) {
    try {
      Path out = Files.createTempFile(folder, "command-", ".out");
      Path err = Files.createTempFile(folder, "command-", ".err");
      Process process =
          builder(List.of(arguments))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      return new RunningCommand(String.join(" ", arguments), process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /// The data directory; it exists once something was started.
  Path data() {
    return data;
  }

  /// A folder of this installation outside of its data directory.
  Path scratch(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The content of a file of the data directory, as it is.
  String file(String name) {
    try {
      return Files.readString(data().resolve(name), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode endpoints() {
    return JSON.readTree(file("endpoints.json"));
  }

  String token() {
    return file("token");
  }

  /// A token of its own, minted by the command line.
  String token(String tenant, String... scopes) {
    List<String> arguments = new ArrayList<>(List.of("token", "--tenant", tenant));
    for (String scope : scopes) {
      arguments.addAll(List.of("--scope", scope));
    }
    return command(arguments.toArray(String[]::new)).succeeded().strip();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  Api api() {
    return new Api(url(), token());
  }

  WebhookSender sender() {
    return new WebhookSender(url(), file("webhook-secret"));
  }

  Log log() {
    return Log.of(this);
  }

  /// URL of the schema registry with what it takes to be let in.
  String registry() {
    String url = endpoints().path("schema_registry").asString();
    return url.replace("//", "//slipway:" + file("registry-password") + "@");
  }

  /// Waits until the stage has read every record that stands in `github.deliveries` now.
  void awaitCaughtUp(Duration atMost) {
    awaitCaughtUp(api(), atMost);
  }

  /// As [#awaitCaughtUp(Duration)], asking whoever serves the API.
  void awaitCaughtUp(Api api, Duration atMost) {
    Map<Integer, Long> ends = log().ends(Log.DELIVERIES);
    await("the stage to reach " + ends)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          Map<Integer, Long> reached = new HashMap<>();
          api.stages().forEach(row -> reached.put(row.partition(), row.nextOffset()));
          reached.keySet().retainAll(ends.keySet());
          return reached.equals(withoutEmpty(ends, reached));
        });
  }

  /// A partition that never had a record has no position either.
  private static Map<Integer, Long> withoutEmpty(
      Map<Integer, Long> ends, Map<Integer, Long> reached) {
    Map<Integer, Long> expected = new HashMap<>(ends);
    expected.entrySet().removeIf(end -> end.getValue() == 0 && !reached.containsKey(end.getKey()));
    return expected;
  }

  /// The process that was started last.
  Service mainProcess() {
    return services.getLast();
  }

  /// The database server, found by the lock file that every Postgres keeps in its own directory.
  ProcessHandle database() {
    try (Stream<Path> files = Files.walk(data(), 4)) {
      Path lock =
          files
              .filter(file -> file.endsWith("postmaster.pid"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no Postgres in the data directory"));
      String pid = Files.readAllLines(lock).getFirst().strip();
      return ProcessHandle.of(Long.parseLong(pid))
          .orElseThrow(() -> new AssertionError("no Postgres runs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Everything alive that works on this data directory, orphans included.
  List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses().filter(process -> worksOn(process.pid())).toList();
  }

  @Override
  public void close() {
    processes().forEach(Signals::goOn); // a stopped process would not notice that it has to end
    services.stream().filter(Service::alive).forEach(Service::terminate);
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    await("the end of all processes")
        .atMost(Duration.ofSeconds(40))
        .until(() -> {
          if (System.nanoTime() > end || services.stream().noneMatch(Service::alive)) {
            processes().forEach(ProcessHandle::destroyForcibly);
          }
          return services.stream().noneMatch(Service::alive) && processes().isEmpty();
        });
    delete();
  }

  private ProcessBuilder builder(List<String> arguments) {
    List<String> command = new ArrayList<>();
    // who runs the suite in the background ignores SIGINT, and so would all that it starts
    command.addAll(List.of("env", "--default-signal=INT", Checkout.command().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    // The settings of whoever runs the suite are not those of the product under test.
    builder.environment().keySet().removeIf(Slipway::isOurs);
    builder.environment().putAll(environment);
    return builder;
  }

  private static boolean isOurs(String variable) {
    return variable.startsWith("SLIPWAY_")
        || variable.startsWith("GITHUB_")
        || variable.startsWith("KAFKA_")
        || variable.startsWith("SPRING_")
        || variable.startsWith("E2B_")
        || variable.equals("PORT")
        || variable.equals("DATABASE_URL")
        || variable.equals("SCHEMA_REGISTRY_URL");
  }

  /// Whether the process names the data directory in its command line, or stands in it.
  private boolean worksOn(long pid) {
    Path entry = Path.of("/proc", Long.toString(pid));
    try {
      return new String(Files.readAllBytes(entry.resolve("cmdline")), UTF_8)
              .contains(data().toString())
          || Files.readSymbolicLink(entry.resolve("cwd")).startsWith(data());
    } catch (IOException _) {
      return false; // it has just ended, or is not ours to look at
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
