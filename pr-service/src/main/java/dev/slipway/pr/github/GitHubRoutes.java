package dev.slipway.pr.github;

import dev.slipway.web.github.Credential;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.Received;
import java.net.URI;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PatchExchange;
import org.springframework.web.service.annotation.PostExchange;
import tools.jackson.databind.JsonNode;

/// The routes of GitHub's REST API that are called (docs.github.com/rest, version 2022-11-28).
interface GitHubRoutes {
  String REPOSITORY = "/repos/{owner}/{repo}";

  @GetExchange(REPOSITORY)
  Received repository(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo);

  /// Those of one head.
  ///
  /// @param head as `owner:ref`: GitHub passes over one without an owner, and lists them all
  @GetExchange(REPOSITORY + "/pulls?state=all&per_page=100")
  Received pullRequestsOf(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @RequestParam String head);

  @GetExchange(REPOSITORY + "/pulls/{number}")
  Received pullRequest(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long number);

  @PostExchange(REPOSITORY + "/pulls")
  Received open(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @RequestBody JsonNode body);

  @PatchExchange(REPOSITORY + "/pulls/{number}")
  Received update(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long number,
      @RequestBody JsonNode body);

  @GetExchange(REPOSITORY + "/issues/{number}/comments?per_page=100")
  Received comments(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long number);

  @PostExchange(REPOSITORY + "/issues/{number}/comments")
  Received comment(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long number,
      @RequestBody JsonNode body);

  @PostExchange(REPOSITORY + "/issues/{number}/labels")
  Received label(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long number,
      @RequestBody JsonNode body);

  @GetExchange(REPOSITORY + "/git/ref/heads/{branch}")
  Received branch(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable String branch);

  /// Without the files and commits that differ, as far as it can be had.
  @GetExchange(REPOSITORY + "/compare/{base}...{head}?per_page=1")
  Received compare(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable String base,
      @PathVariable String head);

  /// The same as a patch.
  @GetExchange(
      url = REPOSITORY + "/compare/{base}...{head}",
      accept = "application/vnd.github.diff")
  Received diff(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable String base,
      @PathVariable String head);

  @GetExchange(REPOSITORY + "/hooks?per_page=100")
  Received hooks(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo);

  @PostExchange(REPOSITORY + "/hooks")
  Received createHook(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @RequestBody JsonNode body);

  @PatchExchange(REPOSITORY + "/hooks/{hook}")
  Received updateHook(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long hook,
      @RequestBody JsonNode body);

  @PostExchange(REPOSITORY + "/hooks/{hook}/pings")
  Received ping(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long hook);

  @GetExchange(REPOSITORY + "/hooks/{hook}/deliveries?per_page=100")
  Received deliveries(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long hook);

  /// The page that an answer named as its next.
  @GetExchange
  Received page(@RequestAttribute(GitHubApi.CREDENTIAL) Credential as, URI next);
}
