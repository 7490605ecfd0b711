package dev.slipway.locale2b;

import dev.slipway.locale2b.box.Boxes;
import dev.slipway.locale2b.control.ControlRoutes;
import dev.slipway.locale2b.control.SandboxSettings;
import dev.slipway.locale2b.control.Sandboxes;
import dev.slipway.locale2b.envd.EnvdRoutes;
import dev.slipway.locale2b.timer.Timers;
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
    Routes control = ControlRoutes.of(sandboxes);
    Routes envd = EnvdRoutes.of(sandboxes, clock);
    LocalServer server =
        LocalServer.start(
            settings.port(),
            NAME,
            exchange -> isAllowed(exchange, settings.apiKey()),
            (status, message) -> Map.of("code", status, "message", message),
            exchange -> route(exchange, control, envd, settings.apiKey()));
    return new LocalE2b(server, sandboxes, timers, boxes);
  }

  private static Route route(Exchange exchange, Routes control, Routes envd, String apiKey) {
    if (EnvdRoutes.areFor(exchange)) {
      return envd.find(exchange.method(), exchange.path());
    }
    if (!isAllowed(exchange, apiKey)) {
      throw new RefusedException(401, "Invalid API key");
    }
    return control.find(exchange.method(), exchange.path());
  }

  private static boolean isAllowed(Exchange exchange, String apiKey) {
    return Secrets.matches(apiKey, exchange.header("X-API-KEY"));
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
