package dev.slipway.standalone.parts;

import dev.slipway.localgithub.LocalGitHub;
import dev.slipway.localgithub.LocalGitHubSettings;
import dev.slipway.localserver.Place;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The installation's own repositories: a GitHub of its own, unless the environment names another.
public final class LocalRepositories implements AutoCloseable {
  private static final String URL_VARIABLE = "GITHUB_API_URL";
  private static final List<String> CREDENTIALS = List.of("GITHUB_TOKEN", "GITHUB_APP_ID");

  private final Optional<LocalGitHub> server;

  private LocalRepositories(Optional<LocalGitHub> server) {
    this.server = server;
  }

  private static boolean areOwn(Map<String, String> environment) {
    return Wiring.given(environment, URL_VARIABLE).isEmpty();
  }

  /// How services reach them, which may write there as often as they like; nothing when the
  /// environment says which GitHub it is, or has a credential for another.
  static Map<String, String> settings(
      Map<String, String> environment, DataDirectory directory, Ports ports) {
    if (!areOwn(environment)
        || CREDENTIALS.stream().anyMatch(name -> Wiring.given(environment, name).isPresent())) {
      return Map.of();
    }
    return Map.of(
        "slipway.github.api-url", "http://127.0.0.1:%d/api/v3".formatted(ports.github()),
        "slipway.github.token", directory.githubToken(),
        "slipway.github.budget.per-minute", "0",
        "slipway.github.budget.per-hour", "0",
        "slipway.github.budget.spacing", "0s");
  }

  /// The port that they need, by what listens there.
  public static Map<String, Integer> ports(Map<String, String> environment, Ports ports) {
    return areOwn(environment) ? Map.of("local GitHub", ports.github()) : Map.of();
  }

  /// Starts what an installation has of its own: nothing when the environment names another.
  public static LocalRepositories startIfOwn(
      Map<String, String> environment, DataDirectory directory, Ports ports, Clock clock) {
    return areOwn(environment)
        ? start(directory, Place.local(ports.github()), clock)
        : new LocalRepositories(Optional.empty());
  }

  /// Starts them.
  public static LocalRepositories start(DataDirectory directory, Place place, Clock clock) {
    return new LocalRepositories(
        Optional.of(
            LocalGitHub.start(
                new LocalGitHubSettings(
                    place,
                    directory.githubToken(),
                    directory.folder("github"),
                    LocalGitHubSettings.MANY_REQUESTS),
                clock)));
  }

  /// Where their server listens.
  public Map<Endpoint, String> endpoints() {
    return server
        .map(running ->
            Map.of(
                Endpoint.GITHUB, running.api().toString(), Endpoint.GIT, running.url().toString()))
        .orElseGet(Map::of);
  }

  @Override
  public void close() {
    server.ifPresent(LocalGitHub::close);
  }
}
