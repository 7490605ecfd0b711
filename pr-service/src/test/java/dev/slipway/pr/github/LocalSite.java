package dev.slipway.pr.github;

import dev.slipway.localgithub.LocalGitHub;
import dev.slipway.localgithub.LocalGitHubSettings;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.RepositoryPath;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A GitHub on this machine for one test.
///
/// @param appKey the file with the key of its App
public record LocalSite(LocalGitHub server, Path appKey) implements AutoCloseable {
  static final Secret TOKEN = new Secret("a-token-of-the-local-github");

  public static LocalSite start(Path directory) {
    return new LocalSite(
        LocalGitHub.start(
            new LocalGitHubSettings(
                0, TOKEN.value(), directory.resolve("github"), LocalGitHubSettings.MANY_REQUESTS),
            Clock.systemUTC()),
        directory.resolve("github/app.pem"));
  }

  /// With a repository of this name that has a first commit.
  public TestSite with(String repository) {
    return with(repository, server.api());
  }

  /// The same, reached by another address.
  TestSite with(String repository, URI api) {
    var site = new TestSite(api, server.api(), TOKEN, new RepositoryPath("slipway", repository));
    JsonNode _ = site.send("POST", "/user/repos", Map.of("name", repository, "auto_init", true));
    return site;
  }

  @Override
  public void close() {
    server.close();
  }
}
