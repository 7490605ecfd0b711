package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.sandbox.sandbox.RepositoryRule;
import dev.slipway.web.github.Credential;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubCredentials;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import java.util.Optional;

/// Who may speak to which repository, and as whom: only to hosts on a list, with what the tenant
/// has for GitHub's own ([GitHubCredentials]).
final class GitAccess implements RepositoryRule {
  private final GitHosts hosts;
  private final GitHubCredentials credentials;

  GitAccess(GitHosts hosts, GitHubCredentials credentials) {
    this.hosts = hosts;
    this.credentials = credentials;
  }

  @Override
  public Optional<String> refusal(String tenant, RepositoryUrl url) {
    return hosts.refusal(url).or(() -> credentials.refusal(tenant, url));
  }

  /// What a tenant speaks to a repository as.
  ///
  /// @throws GitException it is another tenant's, or GitHub did not tell
  Credential credential(String tenant, RepositoryUrl url) {
    try {
      return credentials.of(tenant, url);
    } catch (GitHubException e) {
      throw failed(e.failure());
    }
  }

  /// Another credential in place of one that was refused; empty when there is none.
  ///
  /// @throws GitException GitHub did not tell
  Optional<Credential> renewed(Credential refused) {
    try {
      return credentials.renewed(refused);
    } catch (GitHubException e) {
      throw failed(e.failure());
    }
  }

  static GitException failed(GitHubFailure failure) {
    return new GitException(code(failure.code()), failure.message(), failure.retryAfter());
  }

  private static GitCode code(FailureCode code) {
    return switch (code) {
      case AUTH_FAILED -> GitCode.AUTH_FAILED;
      case FORBIDDEN -> GitCode.FORBIDDEN;
      case NOT_FOUND -> GitCode.NOT_FOUND;
      case RATE_LIMITED -> GitCode.RATE_LIMITED;
      case VALIDATION_FAILED, HEAD_INVALID, ALREADY_EXISTS -> GitCode.VALIDATION_FAILED;
      case BASE_NOT_FOUND -> GitCode.BASE_NOT_FOUND;
      case TOO_LARGE -> GitCode.TOO_LARGE;
      case UNAVAILABLE -> GitCode.UNAVAILABLE;
      case TIMEOUT -> GitCode.TIMEOUT;
      case NO_COMMITS_BETWEEN, INTERNAL -> GitCode.INTERNAL;
    };
  }
}
