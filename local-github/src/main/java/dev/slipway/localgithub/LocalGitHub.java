package dev.slipway.localgithub;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Callers;
import dev.slipway.localgithub.api.Credentials;
import dev.slipway.localgithub.api.RateLimit;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Git;
import dev.slipway.localgithub.git.GitFolder;
import dev.slipway.localgithub.repository.BranchRoutes;
import dev.slipway.localgithub.repository.Protections;
import dev.slipway.localgithub.repository.ReferenceRoutes;
import dev.slipway.localgithub.repository.References;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.RepositoryRoutes;
import dev.slipway.localgithub.store.Store;
import dev.slipway.localgithub.transport.GitRoutes;
import dev.slipway.localserver.Dispatcher;
import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.LocalServer;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.Route;
import dev.slipway.localserver.Routes;
import dev.slipway.localserver.Secrets;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A GitHub on this machine: REST below `/api/v3`, git at `/{owner}/{repo}.git`.
public final class LocalGitHub implements AutoCloseable {
  private static final String NAME = "local-github";

  private final LocalServer server;
  private final Git git;

  private LocalGitHub(LocalServer server, Git git) {
    this.server = server;
    this.git = git;
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
            settings.port(),
            NAME,
            exchange -> Secrets.matches(settings.token(), Credentials.of(exchange)),
            Refusals.shape(clock),
            exchange -> doors.get().route(exchange));
    Git git = new Git();
    try {
      doors.set(doors(settings, clock, new Urls(server.url()), git));
      return new LocalGitHub(server, git);
    } catch (RuntimeException e) {
      server.close();
      git.close();
      throw e;
    }
  }

  private static Doors doors(LocalGitHubSettings settings, Clock clock, Urls urls, Git git) {
    Store store = Store.open(settings.directory().resolve("store"));
    Repositories repositories =
        new Repositories(
            store, GitFolder.open(settings.directory().resolve("repositories"), git), clock);
    Protections protections = new Protections(store);
    References references = new References(repositories);
    Callers callers =
        credential ->
            Secrets.matches(settings.token(), Optional.of(credential))
                ? Optional.of(Caller.OWNER)
                : Optional.empty();
    Api api = new Api(callers, new RateLimit(settings.requests(), clock), urls, git);
    new RepositoryRoutes(repositories, urls, clock).addTo(api);
    new BranchRoutes(repositories, protections, urls).addTo(api);
    new ReferenceRoutes(repositories, references, protections, urls).addTo(api);
    return new Doors(
        api,
        new GitRoutes(repositories, references, protections, callers, urls, git).routes(),
        repositories);
  }

  /// Tells apart who asks for what.
  private record Doors(Api api, Routes git, Repositories repositories) implements Dispatcher {
    private static final Pattern BY_ID = Pattern.compile("/repositories/(\\d{1,18})(/.*)?");

    @Override
    public Route route(Exchange exchange) {
      String path = exchange.path();
      if (!path.startsWith(Urls.API + "/")) {
        return git.find(exchange.method(), path);
      }
      String inApi = path.substring(Urls.API.length());
      Matcher byId = BY_ID.matcher(inApi);
      return api.route(
          exchange,
          byId.matches()
              ? repositories
                  .find(Long.parseLong(byId.group(1)))
                  .map(found ->
                      "/repos/" + found.fullName() + Optional.ofNullable(byId.group(2)).orElse(""))
                  .orElse(inApi)
              : inApi);
    }
  }

  public int port() {
    return server.port();
  }

  /// What clones begin with, and where the paths of the API are: `GITHUB_API_URL` is [#api].
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
    git.close();
  }
}
