package dev.slipway.standalone;

import dev.slipway.embedded.ChildServer;
import dev.slipway.localserver.Place;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.standalone.directory.Instance;
import dev.slipway.standalone.parts.LocalRepositories;
import dev.slipway.standalone.parts.LocalSandboxes;
import dev.slipway.standalone.parts.LogFile;
import dev.slipway.standalone.parts.Ports;
import dev.slipway.standalone.parts.Servers;
import dev.slipway.standalone.parts.Service;
import dev.slipway.standalone.parts.ServiceSettings;
import dev.slipway.standalone.parts.Services;
import dev.slipway.standalone.parts.Shutdown;
import dev.slipway.standalone.parts.StartRoom;
import dev.slipway.standalone.parts.Tokens;
import dev.slipway.standalone.parts.TopicCatalogue;
import dev.slipway.standalone.parts.Wiring;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Starts one part of an installation as a process of its own, with the settings that it has in
/// `up`: this is how parts are stopped, killed and doubled.
@Command(
    name = "run",
    description = {
      "Starts one part alone: webhook-ingress, pr-service, sandbox-worker, notifier, local-e2b,"
          + " local-github or infra.",
      "infra is Kafka, PostgreSQL and schema registry, on the ports they have in `up`. local-e2b"
          + " and local-github listen on PORT, or where they do in `up`; services on PORT, or on"
          + " 8091, 8092, 8093 and 8095, and find their servers there."
    })
final class RunCommand implements Callable<Integer> {
  private static final String INFRA = "infra";
  private static final String LOCAL_E2B = "local-e2b";
  private static final String LOCAL_GITHUB = "local-github";
  private static final String HOST_VARIABLE = "SLIPWAY_LOCAL_HOST";

  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final Clock clock;

  @Spec CommandSpec spec;

  @Mixin UnsafeSandboxes unsafe = new UnsafeSandboxes();

  @Parameters(
      paramLabel = "PART",
      description =
          "webhook-ingress, pr-service, sandbox-worker, notifier, local-e2b, local-github or infra.")
  String part;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  RunCommand(GlobalOptions options, Map<String, String> environment, Clock clock) {
    this.options = options;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    Ports ports = options.ports();
    if (part.equals(INFRA)) {
      return runServers(ports);
    }
    if (part.equals(LOCAL_E2B)) {
      return runSandboxes(place(ports.e2b()));
    }
    if (part.equals(LOCAL_GITHUB)) {
      return runRepositories(place(ports.github()));
    }
    Service service =
        Service.named(part)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(),
                    "no part \"%s\": there are %s, %s, %s and %s"
                        .formatted(
                            part,
                            String.join(", ", Service.names()),
                            LOCAL_E2B,
                            LOCAL_GITHUB,
                            INFRA)));
    return runService(service, ports, port(service.defaultPort()));
  }

  private int runServers(Ports ports) throws InterruptedException {
    StartRoom room = options.room();
    room.requireForServers(environment);
    DataDirectory directory = options.openDirectory();
    LogFile.open(directory.log(INFRA));
    try (Shutdown shutdown = Shutdown.install()) {
      shutdown.add(directory.claim("run " + INFRA));
      AutoCloseable _ = shutdown.add(ChildServer::endAll);
      Wiring wiring = Wiring.of(environment, ports, directory);
      Servers.endOrphans(directory);
      Servers.requireFree(Servers.ports(wiring, ports));
      wiring.leaveIn(directory);
      PrintWriter err = spec.commandLine().getErr();
      shutdown.add(room.start(err, () -> Servers.start(directory, wiring, ports)));
      try (TopicCatalogue catalogue = TopicCatalogue.own(wiring)) {
        catalogue.apply();
      }
      leaveSecrets(directory);
      Endpoints endpoints = Servers.endpoints(wiring, ports);
      endpoints.merge(directory);
      new ReadyMessage(spec.commandLine().getOut(), options).print(endpoints, directory, INFRA);
      shutdown.await();
      return ExitCode.DONE;
    }
  }

  private int runService(Service service, Ports ports, int port) throws Exception {
    StartRoom room = options.room();
    room.require();
    DataDirectory directory = options.openDirectory();
    Instance instance = Instance.take(directory);
    LogFile.open(directory.log(service.command() + "-" + instance.number()));
    try (Shutdown shutdown = Shutdown.install()) {
      shutdown.add(instance);
      Wiring wiring = Wiring.of(environment, ports, directory);
      Servers.requireFree(Map.of(service.command(), port));
      // Else what started the servers has left it, for the ports where they really are.
      if (directory.holder().isEmpty()) {
        wiring.leaveIn(directory);
      }
      leaveSecrets(directory);
      Services services =
          shutdown.add(
              Services.start(
                  service.configuration(),
                  port,
                  ServiceSettings.of(environment, directory, wiring, instance, ports, port)));
      services.awaitReady(room);
      Endpoints endpoints = endpoints(service, services);
      // Beside `up` it is one more of what is there already.
      if (directory.holder().filter(holder -> holder.command().equals("up")).isEmpty()) {
        endpoints.merge(directory);
      }
      new ReadyMessage(spec.commandLine().getOut(), options)
          .print(endpoints, directory, services.url().toString());
      shutdown.await();
      return ExitCode.DONE;
    }
  }

  private int runSandboxes(Place place) throws InterruptedException {
    unsafe.check(environment, spec.commandLine().getErr());
    DataDirectory directory = options.openDirectory();
    LogFile.open(directory.log(LOCAL_E2B));
    try (Shutdown shutdown = Shutdown.install()) {
      Servers.requireFree(Map.of(LOCAL_E2B, place.port()));
      LocalSandboxes sandboxes =
          shutdown.add(LocalSandboxes.start(directory, place, unsafe.chosen, clock));
      if (sandboxes.unavailable().isPresent()) {
        throw new CommandFailedException(ExitCode.PREREQUISITE, sandboxes.unavailable().get());
      }
      Endpoints endpoints = new Endpoints(sandboxes.endpoints());
      endpoints.merge(directory);
      new ReadyMessage(spec.commandLine().getOut(), options)
          .print(endpoints, directory, endpoints.find(Endpoint.E2B).orElseThrow());
      shutdown.await();
      return ExitCode.DONE;
    }
  }

  private int runRepositories(Place place) throws InterruptedException {
    DataDirectory directory = options.openDirectory();
    LogFile.open(directory.log(LOCAL_GITHUB));
    try (Shutdown shutdown = Shutdown.install()) {
      Servers.requireFree(Map.of(LOCAL_GITHUB, place.port()));
      LocalRepositories repositories =
          shutdown.add(LocalRepositories.start(directory, place, clock));
      Endpoints endpoints = new Endpoints(repositories.endpoints());
      endpoints.merge(directory);
      new ReadyMessage(spec.commandLine().getOut(), options)
          .print(endpoints, directory, endpoints.find(Endpoint.GITHUB).orElseThrow());
      shutdown.await();
      return ExitCode.DONE;
    }
  }

  private void leaveSecrets(DataDirectory directory) {
    String _ = directory.webhookSecret();
    Tokens.of(environment, directory, clock).ifPresent(tokens -> tokens.leaveIn(directory));
  }

  /// Where a double listens: on this machine alone, unless others are to reach it by a name.
  private Place place(int defaultPort) {
    Optional<String> host =
        Optional.of(environment.getOrDefault(HOST_VARIABLE, "").strip())
            .filter(name -> !name.isEmpty());
    try {
      return new Place(port(defaultPort), host);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "PORT or %s: %s".formatted(HOST_VARIABLE, e.getMessage()), e);
    }
  }

  private int port(int defaultPort) {
    String given = environment.getOrDefault("PORT", "");
    try {
      return given.isBlank() ? defaultPort : Integer.parseInt(given);
    } catch (NumberFormatException e) {
      throw new ParameterException(spec.commandLine(), "PORT is no number: " + given, e);
    }
  }

  private static Endpoints endpoints(Service service, Services services) {
    return new Endpoints(
        switch (service) {
          case WEBHOOK_INGRESS ->
              Map.of(Endpoint.WEBHOOKS, services.url().resolve("/webhooks/github").toString());
          case PR_SERVICE, SANDBOX_WORKER -> Map.of(Endpoint.SLIPWAY, services.url().toString());
          case NOTIFIER ->
              Map.of(Endpoint.EVENTS, services.url().resolve("/api/v1/events").toString());
        });
  }
}
