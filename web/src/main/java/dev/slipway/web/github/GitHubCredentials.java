package dev.slipway.web.github;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Tenants;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who speaks to which repository as whom ([Standing]): with `GITHUB_TOKEN`, which is tenant
/// `default`'s, or with a token of the App's installation on that one repository, or as anybody.
public final class GitHubCredentials {
  private final String host;
  private final Tenants tenants;
  private final @Nullable Secret token;
  private final @Nullable AppTokens app;

  /// @param host the only one that credentials are for
  GitHubCredentials(String host, Tenants tenants, @Nullable Secret token, @Nullable AppTokens app) {
    this.host = host;
    this.tenants = tenants;
    this.token = token;
    this.app = app;
  }

  /// Why a tenant may not speak to a repository, as far as nobody need be asked; for people. Empty
  /// when it may.
  public Optional<String> refusal(String tenant, RepositoryUrl url) {
    return Standing.of(tenants, tenant, url.owner(), null) == Standing.STRANGER
        ? Optional.of("Its owner is another tenant's.")
        : Optional.empty();
  }

  /// What a tenant speaks to a repository with, whichever host it is on.
  ///
  /// @param url which [RepositoryUrl#isNamed]
  /// @throws GitHubException it is another tenant's, or GitHub did not tell
  public Credential of(String tenant, RepositoryUrl url) {
    refusal(tenant, url)
        .ifPresent(why -> {
          throw refused(url.path());
        });
    return url.host().equals(host) ? of(tenant, RepositoryPath.of(url)) : Credential.ANYBODY;
  }

  /// What a tenant speaks to a repository of GitHub's with.
  ///
  /// @throws GitHubException it is another tenant's, or GitHub did not tell
  public Credential of(String tenant, RepositoryPath repository) {
    Standing byOwner = Standing.of(tenants, tenant, repository.owner(), null);
    if (byOwner == Standing.STRANGER) {
      throw refused(repository.toString());
    }
    if (app != null) {
      return ofApp(app, tenant, repository);
    }
    return token != null && byOwner == Standing.OWN && tenant.equals(Caller.DEFAULT_TENANT)
        ? Credential.token(token)
        : Credential.ANYBODY;
  }

  /// Sees again whether a tenant may speak to a repository, now that an answer has said what it is
  /// called: the name that it was asked for by goes on leading to what was renamed or transferred.
  ///
  /// @param fullName as the answer has it
  /// @throws GitHubException it is another tenant's
  public void recheck(String tenant, String fullName) {
    if (Standing.of(tenants, tenant, fullName) == Standing.STRANGER) {
      throw refused(fullName);
    }
  }

  private Credential ofApp(AppTokens tokens, String tenant, RepositoryPath repository) {
    AppTokens.Installation found = tokens.installation(repository).orElse(null);
    if (found == null) {
      return Credential.ANYBODY;
    }
    // By whose it is, not by whose it was when it was named so.
    return switch (Standing.of(tenants, tenant, found.account(), found.id())) {
      case OWN -> tokens.credential(found, repository);
      case GUEST -> Credential.ANYBODY;
      case STRANGER -> throw refused(repository.toString());
    };
  }

  /// Another credential in place of one that was refused; empty when there is none.
  public Optional<Credential> renewed(Credential refused) {
    return app == null ? Optional.empty() : app.renewed(refused);
  }

  static GitHubException refused(String repository) {
    return new GitHubException(
        GitHubFailure.lasting(
            FailureCode.FORBIDDEN,
            repository + " is another tenant's: its owner or installation is that tenant's own"));
  }
}
