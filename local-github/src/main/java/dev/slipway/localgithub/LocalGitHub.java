package dev.slipway.localgithub;

import dev.slipway.localgithub.api.Credentials;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localserver.Dispatcher;
import dev.slipway.localserver.LocalServer;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.Secrets;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;

/// A GitHub on this machine: REST below `/api/v3`, git at `/{owner}/{repo}.git`.
public final class LocalGitHub implements AutoCloseable {
  private static final String NAME = "local-github";

  private final LocalServer server;
  private final Parts parts;

  private LocalGitHub(LocalServer server, Parts parts) {
    this.server = server;
    this.parts = parts;
  }

  /// Starts it and returns once it serves.
  public static LocalGitHub start(LocalGitHubSettings settings, Clock clock) {
    // what is answered tells its own address, which is known once it listens
    AtomicReference<Dispatcher> doors =
        new AtomicReference<>(_ -> {
          throw new RefusedException(503, NAME + " is starting");
        });
    LocalServer server =
        LocalServer.start(
            settings.place(),
            NAME,
            exchange -> Secrets.matches(settings.token(), Credentials.of(exchange)),
            Refusals.shape(clock),
            exchange -> doors.get().route(exchange));
    try {
      Parts parts = new Parts(settings, clock, new Urls(server.url()));
      doors.set(parts);
      return new LocalGitHub(server, parts);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  public int port() {
    return server.port();
  }

  /// What the URLs of clones begin with.
  public URI url() {
    return server.url();
  }

  /// What `GITHUB_API_URL` of its clients is.
  public URI api() {
    return server.url().resolve(Urls.API);
  }

  /// Lets requests under way end, and ends.
  @Override
  public void close() {
    server.close();
    parts.close();
  }
}
