package dev.slipway.sandbox.git;

import dev.slipway.web.github.Credential;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.Received;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;

/// What is asked of GitHub's REST API about branches (docs.github.com/rest, version 2022-11-28).
interface PullRequestRoutes {
  /// Pull requests of one head, open and closed, the newest first.
  ///
  /// @param head as `owner:ref`
  @GetExchange("/repos/{owner}/{repo}/pulls?state=all&per_page=100")
  Received ofHead(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @RequestParam String head);
}
