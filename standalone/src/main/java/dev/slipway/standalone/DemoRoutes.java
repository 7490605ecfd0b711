package dev.slipway.standalone;

import dev.slipway.web.github.Credential;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.Received;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;
import tools.jackson.databind.JsonNode;

/// What people do on GitHub, as the demo does it in their place.
interface DemoRoutes {
  String REPOSITORY = "/repos/{owner}/{repo}";

  @PostExchange("/user/repos")
  Received createRepository(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as, @RequestBody JsonNode body);

  @PutExchange(REPOSITORY + "/contents/{path}")
  Received putFile(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable String path,
      @RequestBody JsonNode body);

  @GetExchange(REPOSITORY + "/pulls?state=all&per_page=100")
  Received pullRequestsOf(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @RequestParam String head);

  @PutExchange(REPOSITORY + "/pulls/{number}/merge")
  Received merge(
      @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
      @PathVariable String owner,
      @PathVariable String repo,
      @PathVariable long number,
      @RequestBody JsonNode body);
}
