package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Tenants;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who may speak to which repository, and with which credential.
///
/// | owner | a tenant that has it | another tenant |
/// |---|---|---|
/// | some tenant's, by the tenants file | its own credential | refused |
/// | nobody's, so `default`'s | `default`: `GITHUB_TOKEN` | as anybody |
final class GitAccess {
  private final GitHosts hosts;
  private final String tokenHost;
  private final Tenants tenants;
  private final @Nullable Secret token;

  /// @param tokenHost the only one that the token is for
  /// @param token of tenant `default`; null when there is none
  GitAccess(GitHosts hosts, String tokenHost, Tenants tenants, @Nullable Secret token) {
    this.hosts = hosts;
    this.tokenHost = tokenHost;
    this.tenants = tenants;
    this.token = token;
  }

  /// Why a tenant may not have a repository fetched, for people; empty when it may.
  Optional<String> refusal(String tenant, RepositoryUrl url) {
    return hosts
        .refusal(url)
        .or(() -> {
          String owner = tenants.of(url.owner(), null);
          return owner.equals(Caller.DEFAULT_TENANT) || owner.equals(tenant)
              ? Optional.empty()
              : Optional.of("Its owner is another tenant's.");
        });
  }

  /// The credential that a tenant speaks to a repository with; empty: as anybody.
  Optional<Secret> credential(String tenant, RepositoryUrl url) {
    boolean isOwn =
        tenant.equals(Caller.DEFAULT_TENANT)
            && tenants.of(url.owner(), null).equals(Caller.DEFAULT_TENANT)
            && url.host().equals(tokenHost);
    return isOwn ? Optional.ofNullable(token) : Optional.empty();
  }
}
