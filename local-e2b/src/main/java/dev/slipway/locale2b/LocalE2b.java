package dev.slipway.locale2b;

import dev.slipway.locale2b.box.Boxes;
import dev.slipway.locale2b.control.ControlRoutes;
import dev.slipway.locale2b.control.SandboxSettings;
import dev.slipway.locale2b.control.Sandboxes;
import dev.slipway.locale2b.envd.EnvdRoutes;
import dev.slipway.locale2b.timer.Timers;
import dev.slipway.localserver.Dispatcher;
import dev.slipway.localserver.ErrorShape;
import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.LocalServer;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.Route;
import dev.slipway.localserver.Routes;
import dev.slipway.localserver.Secrets;
import java.net.URI;
import java.time.Clock;
import java.util.Map;

/// A running server that speaks E2B's protocol: the control plane and the daemons of its sandboxes,
/// on one port.
public final class LocalE2b implements AutoCloseable {
  private static final String NAME = "local-e2b";
  private static final ErrorShape ERRORS =
      (status, message) -> Map.of("code", status, "message", message);

  private final LocalServer server;
  private final Sandboxes sandboxes;
  private final Timers timers;
  private final Boxes boxes;

  private LocalE2b(LocalServer server, Sandboxes sandboxes, Timers timers, Boxes boxes) {
    this.server = server;
    this.sandboxes = sandboxes;
    this.timers = timers;
    this.boxes = boxes;
  }

  /// Starts it and returns once it listens.
  ///
  /// @param boxes in which the sandboxes live; closed with it
  public static LocalE2b start(LocalE2bSettings settings, Boxes boxes, Clock clock) {
    Timers timers = new Timers(NAME);
    Sandboxes sandboxes =
        new Sandboxes(
            boxes,
            new SandboxSettings(
                settings.templates(),
                settings.limits(),
                settings.most(),
                settings.longest(),
                settings.volumes()),
            timers,
            clock);
    Doors doors =
        new Doors(ControlRoutes.of(sandboxes), new EnvdRoutes(sandboxes, clock), settings.apiKey());
    LocalServer server = LocalServer.start(settings.place(), NAME, doors::isAllowed, ERRORS, doors);
    return new LocalE2b(server, sandboxes, timers, boxes);
  }

  /// Tells apart whom a request is for.
  private record Doors(Routes control, EnvdRoutes envd, String apiKey) implements Dispatcher {
    @Override
    public Route route(Exchange exchange) {
      if (EnvdRoutes.areFor(exchange)) {
        return envd.route(exchange);
      }
      if (!isAllowed(exchange)) {
        throw new RefusedException(401, "Invalid API key");
      }
      return control.find(exchange.method(), exchange.path());
    }

    boolean isAllowed(Exchange exchange) {
      return Secrets.matches(apiKey, exchange.header("X-API-KEY"));
    }
  }

  public int port() {
    return server.port();
  }

  /// What `E2B_API_URL` and `E2B_SANDBOX_URL` of its clients are.
  public URI url() {
    return server.url();
  }

  /// Ends all sandboxes, which ends the streams of who reads them, and then the server.
  @Override
  public void close() {
    sandboxes.close();
    server.close();
    timers.close();
    boxes.close();
  }
}
