package dev.slipway.localgithub.api;

import dev.slipway.localgithub.git.Git;
import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.Route;
import dev.slipway.localserver.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// The REST API: its routes, and what is true of all of them.
public final class Api {
  private static final String VERSION = "2022-11-28";
  private static final List<String> VERSIONS = List.of(VERSION, "2026-03-10");

  /// Answers the requests of a route, on a platform thread.
  @FunctionalInterface
  public interface Handler {
    void handle(Call call) throws IOException;
  }

  private final Routes routes = new Routes();
  private final Callers callers;
  private final RateLimit limit;
  private final Urls urls;
  private final Git git;
  private final AtomicLong requests = new AtomicLong();

  public Api(Callers callers, RateLimit limit, Urls urls, Git git) {
    this.callers = callers;
    this.limit = limit;
    this.urls = urls;
    this.git = git;
    Api _ = on("GET /rate_limit", limit::answer);
  }

  /// Adds a route.
  ///
  /// @param pattern see [Routes#on], its path without what stands before all of them
  public Api on(String pattern, Handler handler) {
    boolean counts = !pattern.equals("GET /rate_limit");
    Routes _ =
        routes.on(
            pattern,
            exchange -> {
              Caller caller = caller(exchange);
              if (counts) {
                limit.take(caller, exchange);
              }
              boolean _ =
                  git.onPlatformThread(() -> {
                    handler.handle(new Call(exchange, caller, urls, limit));
                    return true;
                  });
            });
    return this;
  }

  /// The route of a request.
  ///
  /// @param path without what stands before all of them
  public Route route(Exchange exchange, String path) {
    exchange
        .set("X-GitHub-Request-Id", requestId())
        .set("X-GitHub-Media-Type", "github.v3; format=json")
        .set("x-github-api-version-selected", version(exchange))
        .set("X-Content-Type-Options", "nosniff");
    if (exchange.header("User-Agent").isEmpty()) {
      throw new RefusedException(
          403,
          "Request forbidden by administrative rules. Please make sure your request has a"
              + " User-Agent header");
    }
    Caller _ = caller(exchange);
    try {
      return routes.find(exchange.method(), path);
    } catch (RefusedException _) { // GitHub does not tell a method from a path that it has not
      throw Refusals.notFound();
    }
  }

  private static String version(Exchange exchange) {
    String asked = exchange.header("X-GitHub-Api-Version").orElse(VERSION);
    if (!VERSIONS.contains(asked)) {
      throw new RefusedException(
          400, "\"" + asked + "\" is not a supported version of the GitHub API.");
    }
    return asked;
  }

  private String requestId() {
    return "%04X:%06X:%X"
        .formatted(
            ProcessHandle.current().pid() & 0xffff,
            requests.incrementAndGet(),
            System.identityHashCode(this))
        .toUpperCase(Locale.ROOT);
  }

  private Caller caller(Exchange exchange) {
    String credential =
        Credentials.of(exchange)
            .orElseThrow(() -> new RefusedException(401, "Requires authentication"));
    return callers.find(credential).orElseThrow(() -> new RefusedException(401, "Bad credentials"));
  }
}
