package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.web.github.AnswerJson;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;

/// Tells of a branch that is not on the remote whether it was there: its pull request remains.
final class FormerPushes {
  private final PullRequestRoutes routes;
  private final String gitHost;
  private final GitAccess access;

  /// @param gitHost the only one that the API tells of
  FormerPushes(GitHubApi api, String gitHost, GitAccess access) {
    this.routes = api.routes(PullRequestRoutes.class);
    this.gitHost = gitHost;
    this.access = access;
  }

  /// Whether a pull request was opened of this commit on this branch.
  ///
  /// @throws GitException GitHub did not tell
  boolean came(String tenant, RepositoryUrl url, String branch, String sha) {
    if (!url.host().equals(gitHost)) {
      return false;
    }
    try {
      return AnswerJson.of(
              routes.ofHead(
                  access.credential(tenant, url),
                  url.owner(),
                  url.name(),
                  url.owner() + ":" + branch))
          .items()
          .anyMatch(
              one -> one.text("/head/ref").equals(branch) && one.text("/head/sha").equals(sha));
    } catch (GitHubException e) {
      throw GitAccess.failed(e.failure());
    }
  }
}
