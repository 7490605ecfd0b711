package dev.slipway.pr.github;

import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.RepositoryPath;

/// GitHub, or what speaks as it does, as this service calls it. Calls block: they are made by
/// workers of operations. Whatever does not do what it was to is a
/// [dev.slipway.web.github.GitHubException], which says by its code and its failure what to do.
public final class GitHub {
  private final GitHubApi api;
  private final GitHubRoutes routes;
  private final CallBudget budget;

  private GitHub(GitHubApi api, CallBudget budget) {
    this.api = api;
    this.routes = api.routes(GitHubRoutes.class);
    this.budget = budget;
  }

  /// Calls it.
  ///
  /// @param budget for calls that write
  public static GitHub over(GitHubApi api, CallBudget budget) {
    return new GitHub(api, budget);
  }

  /// A repository, as a tenant may speak to it. Nothing is called before somebody asks.
  public GitHubRepository repository(String tenant, RepositoryPath path) {
    return new GitHubRepository(new Calls(api, budget, tenant, path), routes, path);
  }

  /// The webhooks of a repository, as a tenant may change them.
  public RepositoryHooks hooks(String tenant, RepositoryPath path) {
    return new RepositoryHooks(new Calls(api, budget, tenant, path), routes, path);
  }
}
