package dev.slipway.pr.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.RepositoryPath;
import java.net.URI;

/// The contract on GitHub itself, in the repository `SLIPWAY_GITHUB_REPOSITORY` with the token
/// `GITHUB_TOKEN`. No test run finds it by its name, since it writes there: it is asked for by
/// `-Dit.test=HostedGitHub`.
class HostedGitHub extends GitHubContract {
  @Override
  TestSite start() {
    URI api = URI.create("https://api.github.com");
    return new TestSite(
        api,
        api,
        new Secret(environment("GITHUB_TOKEN")),
        RepositoryPath.parse(environment("SLIPWAY_GITHUB_REPOSITORY")).orElseThrow());
  }

  private static String environment(String name) {
    String value = System.getenv(name);
    assertThat(value).as(name).isNotBlank();
    return value;
  }
}
