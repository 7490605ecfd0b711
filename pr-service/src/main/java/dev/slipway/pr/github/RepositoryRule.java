package dev.slipway.pr.github;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.web.github.GitHubCredentials;
import dev.slipway.web.github.GitHubProperties;
import java.util.Optional;

/// Which repositories a tenant may ask for.
public final class RepositoryRule {
  private final GitHubCredentials credentials;
  private final GitHubProperties properties;

  public RepositoryRule(GitHubCredentials credentials, GitHubProperties properties) {
    this.credentials = credentials;
    this.properties = properties;
  }

  /// Why not, for people; empty when it may, as far as nobody need be asked.
  public Optional<String> refusal(String tenant, RepositoryUrl url) {
    return url.host().equals(properties.gitHost()) && url.isEncrypted() != properties.isPlain()
        ? credentials.refusal(tenant, url)
        : Optional.of(
            "It must be on the host whose API is spoken to: %s://%s."
                .formatted(properties.isPlain() ? "http" : "https", properties.gitHost()));
  }
}
