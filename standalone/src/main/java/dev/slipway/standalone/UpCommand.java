package dev.slipway.standalone;

import dev.slipway.embedded.ChildServer;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.standalone.directory.Instance;
import dev.slipway.standalone.parts.AllServices;
import dev.slipway.standalone.parts.LocalRepositories;
import dev.slipway.standalone.parts.LocalSandboxes;
import dev.slipway.standalone.parts.LogFile;
import dev.slipway.standalone.parts.Ports;
import dev.slipway.standalone.parts.Servers;
import dev.slipway.standalone.parts.ServiceSettings;
import dev.slipway.standalone.parts.Services;
import dev.slipway.standalone.parts.Shutdown;
import dev.slipway.standalone.parts.StartRoom;
import dev.slipway.standalone.parts.Tokens;
import dev.slipway.standalone.parts.TopicCatalogue;
import dev.slipway.standalone.parts.Wiring;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts the whole installation in this process and stays until it is told to end.
@Command(
    name = "up",
    description = {
      "Starts everything: Kafka, PostgreSQL, schema registry, sandboxes, a GitHub and all services.",
      "KAFKA_BOOTSTRAP_SERVERS, SCHEMA_REGISTRY_URL, DATABASE_URL, E2B_API_URL and GITHUB_API_URL"
          + " put others in their place."
    })
final class UpCommand implements Callable<Integer> {
  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final Clock clock;

  @Spec CommandSpec spec;

  @Mixin UnsafeSandboxes unsafe = new UnsafeSandboxes();

  @Option(
      names = "--rehearse",
      hidden = true,
      description =
          "Do some work of every kind, and end: the start script prepares quick starts by it.")
  boolean rehearse;

  @Option(
      names = "--ends-with",
      paramLabel = "PID",
      hidden = true,
      description = "End when this process has ended, however that was.")
  @Nullable Long parent;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  UpCommand(GlobalOptions options, Map<String, String> environment, Clock clock) {
    this.options = options;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    Ports ports = options.ports();
    if (parent != null) {
      endWith(parent);
    }
    unsafe.check(environment, spec.commandLine().getErr());
    StartRoom room = options.room();
    room.requireForServers(environment);
    DataDirectory directory = options.openDirectory();
    LogFile.open(directory.log("slipway"));
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    try (Shutdown shutdown = Shutdown.install()) {
      shutdown.add(directory.claim("up"));
      AutoCloseable _ = shutdown.add(ChildServer::endAll);
      Wiring wiring = Wiring.of(environment, ports, directory);
      Servers.endOrphans(directory);
      requireFreePorts(wiring, ports, environment);

      progress.say("starting " + directory.root());
      wiring.leaveIn(directory);
      PrintWriter err = spec.commandLine().getErr();
      shutdown.add(room.start(err, () -> Servers.start(directory, wiring, ports)));
      try (TopicCatalogue catalogue = TopicCatalogue.own(wiring)) {
        catalogue.apply();
      }
      Tokens.of(environment, directory, clock).ifPresent(tokens -> tokens.leaveIn(directory));
      LocalSandboxes sandboxes =
          shutdown.add(
              LocalSandboxes.startIfOwn(environment, directory, ports, unsafe.chosen, clock));
      LocalRepositories repositories =
          shutdown.add(LocalRepositories.startIfOwn(environment, directory, ports, clock));
      Instance instance = shutdown.add(Instance.take(directory));
      Map<String, String> settings =
          ServiceSettings.of(environment, directory, wiring, instance, ports, ports.slipway());
      sandboxes.unavailable().ifPresent(why -> ServiceSettings.withoutSandboxes(settings, why));
      Services services =
          shutdown.add(Services.start(AllServices.class, ports.slipway(), settings));
      services.awaitReady(room);

      Map<Endpoint, String> doubles = new EnumMap<>(Endpoint.class);
      doubles.putAll(sandboxes.endpoints());
      doubles.putAll(repositories.endpoints());
      Endpoints endpoints = endpoints(services, wiring, ports, doubles);
      endpoints.write(directory);
      new ReadyMessage(spec.commandLine().getOut(), options)
          .print(
              endpoints,
              sandboxes.unavailable().map(why -> Map.of(Endpoint.E2B, why)).orElseGet(Map::of),
              directory,
              services.url().toString());
      if (rehearse) {
        new Rehearsal(services.url(), directory, err::println, this::runHere).run();
      } else {
        shutdown.await();
      }
      return ExitCode.DONE;
    }
  }

  /// Runs another command, for the installation that runs here.
  private int runHere(String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(
        List.of(
            "--quiet",
            "--url",
            "http://127.0.0.1:" + options.ports().slipway(),
            "--data-dir",
            options.dataDir.toString(),
            "--token-file",
            options.dataDir.resolve("token").toString()));
    PrintWriter err = spec.commandLine().getErr();
    var streams =
        new StandardStreams(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream());
    return Slipway.commandLine(environment, clock, err, err, streams)
        .execute(line.toArray(String[]::new));
  }

  private static void endWith(long pid) {
    Runnable end = () -> Runtime.getRuntime().exit(ExitCode.DONE);
    ProcessHandle.of(pid)
        .ifPresentOrElse(
            parent -> {
              var _ = parent.onExit().thenRun(() -> new Thread(end, "end-with-parent").start());
            },
            end);
  }

  private static void requireFreePorts(
      Wiring wiring, Ports ports, Map<String, String> environment) {
    Map<String, Integer> needed = new LinkedHashMap<>();
    needed.put("Slipway", ports.slipway());
    needed.putAll(LocalSandboxes.ports(environment, ports));
    needed.putAll(LocalRepositories.ports(environment, ports));
    needed.putAll(Servers.ports(wiring, ports));
    Servers.requireFree(needed);
  }

  private static Endpoints endpoints(
      Services services, Wiring wiring, Ports ports, Map<Endpoint, String> doubles) {
    Map<Endpoint, String> urls = new EnumMap<>(Servers.endpoints(wiring, ports).urls());
    urls.putAll(doubles);
    urls.put(Endpoint.SLIPWAY, services.url().toString());
    urls.put(Endpoint.WEBHOOKS, services.url().resolve("/webhooks/github").toString());
    urls.put(Endpoint.EVENTS, services.url().resolve("/api/v1/events").toString());
    return new Endpoints(urls);
  }
}
