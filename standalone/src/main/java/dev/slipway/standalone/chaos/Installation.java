package dev.slipway.standalone.chaos;

import static java.util.stream.Collectors.joining;

import dev.slipway.benchmarks.Build;
import dev.slipway.pipeline.kafka.KafkaPropertiesFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Slipway as processes that live and die on their own.
final class Installation implements AutoCloseable {
  /// A process that is killed after a minute has no time for good code, and eleven of them no room
  /// for large heaps.
  private static final List<String> JAVA_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-Xmx512m");

  /// What would have it talk to somebody else's.
  private static final List<String> FOREIGN =
      List.of("SLIPWAY_", "GITHUB_", "E2B_", "KAFKA_", "SPRING_");

  private static final Set<String> ALSO_FOREIGN =
      Set.of("PORT", "DATABASE_URL", "SCHEMA_REGISTRY_URL");

  private final Build build = Build.own();
  private final ChaosPlace place;
  private final Map<String, String> settings;

  /// Who ends them when this process is told to end.
  private final Thread orphanage = new Thread(this::kill);

  private final Map<Part, List<Integer>> ports = new EnumMap<>(Part.class);
  private final Map<Part, List<Member>> members = new EnumMap<>(Part.class);

  /// @param settings of its services, in the names of environment variables
  Installation(ChaosPlace place, Map<String, String> settings) {
    this.place = place;
    this.settings = Map.copyOf(settings);
    int port = place.services();
    for (Part part : Part.values()) {
      List<Member> processes = new ArrayList<>();
      List<Integer> own = new ArrayList<>();
      for (int instance = 0; instance < part.instances(); instance++) {
        processes.add(member(part, instance, port));
        if (part.isService()) {
          own.add(port++);
        }
      }
      members.put(part, List.copyOf(processes));
      ports.put(part, List.copyOf(own));
    }
  }

  private Member member(Part part, int instance, int port) {
    Map<String, String> environment = environment();
    if (part.isService()) {
      environment.put("PORT", Integer.toString(port));
    }
    String name = part.instances() == 1 ? part.argument() : part.argument() + " " + (instance + 1);
    return new Member(name, command("run", part.argument()), environment, place.logs());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(Installation::isForeign);
    environment.putAll(settings);
    return environment;
  }

  private static boolean isForeign(String variable) {
    return ALSO_FOREIGN.contains(variable) || FOREIGN.stream().anyMatch(variable::startsWith);
  }

  private List<String> command(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(
        List.of(
            "--data-dir",
            place.data().toString(),
            "--port",
            Integer.toString(place.ports().first())));
    List<String> command = new ArrayList<>(build.command(arguments));
    command.addAll(command.indexOf("-jar"), JAVA_OPTIONS);
    return command;
  }

  /// Starts all and returns once each is ready.
  void start() throws IOException {
    Runtime.getRuntime().addShutdownHook(orphanage);
    for (Part part : List.of(Part.INFRA, Part.LOCAL_E2B, Part.LOCAL_GITHUB)) {
      of(part).forEach(Member::start);
      awaitReady(of(part));
    }
    List<Member> services =
        Stream.of(Part.values())
            .filter(Part::isService)
            .flatMap(part -> of(part).stream())
            .toList();
    services.forEach(Member::start);
    awaitReady(services);
  }

  /// Waits until all are ready.
  void awaitReady() throws IOException {
    for (List<Member> processes : members.values()) {
      awaitReady(processes);
    }
  }

  /// Waits until each of them is ready.
  static void awaitReady(Collection<Member> members) throws IOException {
    for (Member member : members) {
      member.awaitReady();
    }
  }

  /// The processes of a part.
  List<Member> of(Part part) {
    return members.getOrDefault(part, List.of());
  }

  /// Where a part's processes listen.
  List<URI> urls(Part part) {
    return switch (part) {
      case LOCAL_E2B -> List.of(local(place.ports().e2b()));
      case LOCAL_GITHUB -> List.of(local(place.ports().github()));
      case INFRA -> List.of();
      case WEBHOOK_INGRESS, PR_SERVICE, SANDBOX_WORKER, NOTIFIER ->
          ports.getOrDefault(part, List.of()).stream().map(Installation::local).toList();
    };
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// SIGKILL to the first process of PostgreSQL, which its parent starts again.
  void killDatabase() throws IOException {
    Optional<Path> lock;
    try (Stream<Path> files = Files.walk(place.data().resolve("postgres"), 3)) {
      lock = files.filter(file -> file.endsWith("postmaster.pid")).findFirst();
    }
    if (lock.isPresent()) {
      long pid = Long.parseLong(Files.readAllLines(lock.get()).getFirst().strip());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /// A file of the data directory that holds a value alone.
  String secret(String file) throws IOException {
    return Files.readString(place.data().resolve(file)).strip();
  }

  /// What a client of Kafka needs.
  Map<String, String> kafkaClient() {
    return KafkaPropertiesFile.read(place.data().resolve("kafka.properties"));
  }

  /// Runs a command on this installation.
  ///
  /// @return its exit status, and what it printed
  Called call(String... words) throws IOException, InterruptedException {
    Path out = Files.createTempFile(place.logs(), words[0] + "-", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command(words))
            .directory(place.logs().toFile())
            .redirectError(place.logs().resolve(words[0] + ".err").toFile())
            .redirectOutput(out.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    int status = builder.start().waitFor();
    return new Called(status, Files.readString(out));
  }

  /// What became of a command.
  record Called(int status, String printed) {}

  /// Processes that ended though nobody had killed them.
  String unexpectedEnds() {
    return members.values().stream()
        .flatMap(List::stream)
        .filter(member -> member.unexpectedEnds() > 0)
        .map(member -> "%s %d times".formatted(member.name(), member.unexpectedEnds()))
        .collect(joining(", "));
  }

  private void kill() {
    members.values().forEach(processes -> processes.forEach(Member::kill));
  }

  /// Ends them all, services first: what they need is there until they have ended.
  @Override
  public void close() {
    List<Member> services = new ArrayList<>();
    members.forEach((part, processes) -> {
      if (part != Part.INFRA) {
        services.addAll(processes);
      }
    });
    services.forEach(Member::stop);
    services.forEach(Member::awaitEnd);
    of(Part.INFRA).forEach(Member::stop);
    of(Part.INFRA).forEach(Member::awaitEnd);
    boolean _ = Runtime.getRuntime().removeShutdownHook(orphanage);
  }
}
