package dev.slipway.standalone.parts;

import dev.slipway.ingress.IngressConfiguration;
import dev.slipway.notifier.NotifierConfiguration;
import dev.slipway.pr.PrServiceConfiguration;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What can run as a process of its own, apart from the servers.
public enum Service {
  WEBHOOK_INGRESS("webhook-ingress", 8091, IngressConfiguration.class),
  PR_SERVICE("pr-service", 8092, PrServiceConfiguration.class),
  SANDBOX_WORKER("sandbox-worker", 8093, SandboxWorkerConfiguration.class),
  NOTIFIER("notifier", 8095, NotifierConfiguration.class);

  private final String command;
  private final int defaultPort;
  private final Class<?> configuration;

  Service(String command, int defaultPort, Class<?> configuration) {
    this.command = command;
    this.defaultPort = defaultPort;
    this.configuration = configuration;
  }

  /// The service of a name, as `slipway run` takes it.
  public static Optional<Service> named(String name) {
    return Arrays.stream(values()).filter(service -> service.command.equals(name)).findFirst();
  }

  /// All names, for messages.
  public static List<String> names() {
    return Arrays.stream(values()).map(Service::command).toList();
  }

  public String command() {
    return command;
  }

  /// Where it listens unless `PORT` says otherwise.
  public int defaultPort() {
    return defaultPort;
  }

  /// Its beans.
  public Class<?> configuration() {
    return configuration;
  }
}
