package dev.slipway.standalone;

import dev.slipway.pr.delivery.FollowedEvents;
import dev.slipway.pr.github.CallBudget;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.HookSettings;
import dev.slipway.web.github.Credential;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.Received;
import dev.slipway.web.github.RepositoryPath;
import dev.slipway.web.security.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The GitHub that the demo is given on, as its people see it.
final class DemoGitHub implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int TRIES = 20;
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final GitHubAccess access;
  private final GitHubApi api;
  private final DemoRoutes routes;
  private final RepositoryPath repository;

  private DemoGitHub(GitHubAccess access, GitHubApi api, RepositoryPath repository) {
    this.access = access;
    this.api = api;
    this.routes = api.routes(DemoRoutes.class);
    this.repository = repository;
  }

  static DemoGitHub open(GitHubAccess access, RepositoryPath repository, Clock clock) {
    return new DemoGitHub(access, access.open(clock), repository);
  }

  RepositoryPath repository() {
    return repository;
  }

  private Credential as() {
    return api.credentials().of(Caller.DEFAULT_TENANT, repository);
  }

  /// Makes the repository, with these files in it.
  void create(Map<String, String> files) {
    Received _ =
        routes.createRepository(
            as(), JSON.valueToTree(Map.of("name", repository.name(), "auto_init", true)));
    files.forEach((name, content) -> {
      Map<String, String> body =
          Map.of(
              "message",
              "Add " + name,
              "content",
              Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)));
      Received _ =
          routes.putFile(as(), repository.owner(), repository.name(), name, JSON.valueToTree(body));
    });
  }

  /// Has its events sent to Slipway, and waits until a ping has arrived there.
  HookConnection.Ping connect(String webhookUrl, Progress progress) throws InterruptedException {
    var settings =
        new HookSettings(webhookUrl, access.webhookSecret(null), FollowedEvents.ofRepositories());
    var connection =
        new HookConnection(
            GitHub.over(api, CallBudget.UNLIMITED).hooks(Caller.DEFAULT_TENANT, repository),
            settings,
            progress);
    return connection.ping(connection.connect(null, false));
  }

  /// Merges it as people do; GitHub may need a moment to know that it can be.
  void merge(long number) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        Received _ =
            routes.merge(
                as(), repository.owner(), repository.name(), number, JSON.createObjectNode());
        return;
      } catch (GitHubException e) {
        if (tries == TRIES) {
          throw new CommandFailedException(
              ExitCode.FAILED, HarmlessWriter.escaped(String.valueOf(e.getMessage())));
        }
      }
      LockSupport.parkNanos(AGAIN.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /// How many pull requests a branch has, whatever became of them.
  int pullRequestsOf(String branch) {
    JsonNode all =
        JSON.readTree(
            routes
                .pullRequestsOf(
                    as(), repository.owner(), repository.name(), repository.owner() + ":" + branch)
                .body());
    return (int)
        all.valueStream().filter(pull -> pull.at("/head/ref").asString("").equals(branch)).count();
  }

  @Override
  public void close() {
    api.close();
  }
}
