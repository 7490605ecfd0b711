package dev.slipway.standalone.acceptance;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One installation as four processes that live and die on their own.
final class Parts implements AutoCloseable {

  /// A process of its own, in the order in which they are started.
  enum Part {
    INFRA("infra"),
    INGRESS("webhook-ingress"),
    PR_SERVICE("pr-service"),
    NOTIFIER("notifier");

    private final String argument;

    Part(String argument) {
      this.argument = argument;
    }
  }

  private final Slipway slipway = Slipway.fresh();
  private final Map<Part, Service> running = new EnumMap<>(Part.class);
  private final int ingressPort = Ports.one();
  private final int prPort = Ports.one();
  private final int notifierPort = Ports.one();

  /// Starts them all and waits until each is ready.
  static Parts started() {
    Parts parts = new Parts();
    try {
      parts.start(List.of(Part.values()));
      return parts;
    } catch (RuntimeException | Error e) {
      parts.close(); // else nobody would end what did start
      throw e;
    }
  }

  Slipway installation() {
    return slipway;
  }

  Service service(Part part) {
    return Objects.requireNonNull(running.get(part), () -> part + " was never started");
  }

  /// Starts these, the servers first and then the services at once, and waits until each is ready.
  void start(Collection<Part> parts) {
    if (parts.contains(Part.INFRA)) {
      var _ = launch(Part.INFRA).awaitReady(Slipway.START);
    }
    parts.stream()
        .filter(part -> part != Part.INFRA)
        .map(this::launch)
        .toList()
        .forEach(service -> service.awaitReady(Slipway.START));
    parts.forEach(this::awaitReady);
  }

  void awaitAllReady() {
    List.of(Part.values()).forEach(this::awaitReady);
  }

  /// Starts it without waiting.
  Service launch(Part part) {
    Service service =
        switch (part) {
          case INFRA -> slipway.start("run", part.argument);
          case INGRESS -> launchBeside(part, ingressPort);
          case PR_SERVICE -> launchBeside(part, prPort);
          case NOTIFIER -> launchBeside(part, notifierPort);
        };
    running.put(part, service);
    return service;
  }

  /// Starts one more of it on a port of its own, without waiting.
  Service launchBeside(Part part, int port) {
    return slipway.startWith(Map.of("PORT", Integer.toString(port)), "run", part.argument);
  }

  void awaitReady(Part part) {
    if (part == Part.INFRA) {
      return;
    }
    Api api =
        switch (part) {
          case INGRESS -> new Api(sender().base(), "");
          case NOTIFIER -> events();
          case INFRA, PR_SERVICE -> api();
        };
    await(part + " to be ready")
        .atMost(Slipway.START)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> api.tryGet("/readyz").filter(answer -> answer.status() == 200).isPresent());
  }

  WebhookSender sender() {
    return slipway.sender().at(ingressPort);
  }

  Api api() {
    return slipway.api().at(prPort);
  }

  /// Where live events are served.
  Api events() {
    return slipway.api().at(notifierPort);
  }

  void awaitCaughtUp(Duration atMost) {
    slipway.awaitCaughtUp(api(), atMost);
  }

  @Override
  public void close() {
    slipway.close();
  }
}
