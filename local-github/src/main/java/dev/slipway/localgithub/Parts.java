package dev.slipway.localgithub;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Callers;
import dev.slipway.localgithub.api.RateLimit;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.app.AppRoutes;
import dev.slipway.localgithub.app.AppTokens;
import dev.slipway.localgithub.check.CheckJson;
import dev.slipway.localgithub.check.CheckRoutes;
import dev.slipway.localgithub.check.CheckRuns;
import dev.slipway.localgithub.check.Statuses;
import dev.slipway.localgithub.content.CommitRoutes;
import dev.slipway.localgithub.content.FileRoutes;
import dev.slipway.localgithub.content.TreeRoutes;
import dev.slipway.localgithub.git.Git;
import dev.slipway.localgithub.git.GitFolder;
import dev.slipway.localgithub.hook.HookRoutes;
import dev.slipway.localgithub.hook.Hooks;
import dev.slipway.localgithub.pull.Changing;
import dev.slipway.localgithub.pull.Following;
import dev.slipway.localgithub.pull.LabelRoutes;
import dev.slipway.localgithub.pull.Labels;
import dev.slipway.localgithub.pull.Merging;
import dev.slipway.localgithub.pull.Opening;
import dev.slipway.localgithub.pull.PullEvents;
import dev.slipway.localgithub.pull.PullJson;
import dev.slipway.localgithub.pull.PullRequests;
import dev.slipway.localgithub.pull.PullRoutes;
import dev.slipway.localgithub.repository.BranchRoutes;
import dev.slipway.localgithub.repository.Protections;
import dev.slipway.localgithub.repository.ReferenceRoutes;
import dev.slipway.localgithub.repository.References;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.RepositoryRoutes;
import dev.slipway.localgithub.repository.RulesetRoutes;
import dev.slipway.localgithub.repository.Site;
import dev.slipway.localgithub.review.Comments;
import dev.slipway.localgithub.review.IssueRoutes;
import dev.slipway.localgithub.review.LineCommentRoutes;
import dev.slipway.localgithub.review.LineComments;
import dev.slipway.localgithub.review.ReviewRoutes;
import dev.slipway.localgithub.review.Reviews;
import dev.slipway.localgithub.store.Store;
import dev.slipway.localgithub.transport.GitRoutes;
import dev.slipway.localserver.Dispatcher;
import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.Route;
import dev.slipway.localserver.Routes;
import dev.slipway.localserver.Secrets;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Everything behind the server, put together, and who is asked for what.
final class Parts implements Dispatcher, AutoCloseable {
  private static final Pattern BY_ID = Pattern.compile("/repositories/(\\d{1,18})(/.*)?");

  private final Git git = new Git();
  private final Repositories repositories;
  private final Hooks hooks;
  private final Api api;
  private final Routes gitRoutes;

  Parts(LocalGitHubSettings settings, Clock clock, Urls urls) {
    Store store = Store.open(settings.directory().resolve("store"));
    repositories =
        new Repositories(
            store, GitFolder.open(settings.directory().resolve("repositories"), git), clock);
    hooks = new Hooks(store, repositories, urls, clock);
    hooks.catchUp();
    Protections protections = new Protections(store);
    References references = new References(repositories, hooks, urls);
    AppTokens tokens = new AppTokens(store, settings.directory().resolve("app.pem"), clock);
    Callers callers =
        credential ->
            Secrets.matches(settings.token(), Optional.of(credential))
                ? Optional.of(Caller.OWNER)
                : tokens.find(credential);
    api = new Api(callers, new RateLimit(settings.requests(), clock), urls, git);
    new RepositoryRoutes(repositories, hooks, urls, clock).addTo(api);
    new BranchRoutes(repositories, protections, urls).addTo(api);
    new RulesetRoutes(repositories, protections, urls, clock).addTo(api);
    new ReferenceRoutes(repositories, references, protections, urls).addTo(api);
    new HookRoutes(hooks, repositories, urls).addTo(api);
    new AppRoutes(tokens, repositories, urls).addTo(api);
    addPulls(store, references, protections, urls, clock);
    gitRoutes = new GitRoutes(repositories, references, protections, callers, urls, git).routes();
  }

  private void addPulls(
      Store store, References references, Protections protections, Urls urls, Clock clock) {
    Site site = new Site(store, repositories, hooks, urls, clock);
    PullRequests pulls = new PullRequests(store, repositories);
    Comments comments = new Comments(store);
    Labels labels = new Labels(store, urls);
    LineComments lines = new LineComments(store, repositories, clock);
    PullJson json = new PullJson(repositories, labels, comments::count, lines::count, urls);
    PullEvents events = new PullEvents(hooks, json);
    Reviews reviews = new Reviews(store);
    Statuses statuses = new Statuses(site);
    CheckRuns runs = new CheckRuns(store, repositories);
    Opening opening = new Opening(pulls, repositories, events, store, clock);
    Merging merging =
        new Merging(
            pulls,
            repositories,
            references,
            new BranchRule(protections, reviews, statuses, runs),
            clock);
    Following following = new Following(pulls, repositories, events, clock);
    references.listen(following);
    new PullRoutes(
            pulls,
            repositories,
            opening,
            new Changing(pulls, repositories, opening, events, clock),
            merging,
            json)
        .addTo(api);
    new LabelRoutes(labels, pulls, repositories, events, clock).addTo(api);
    LineCommentRoutes lineRoutes = new LineCommentRoutes(lines, pulls, json, site);
    lineRoutes.addTo(api);
    new ReviewRoutes(reviews, lines, lineRoutes, pulls, json, site).addTo(api);
    new IssueRoutes(comments, pulls, json, site).addTo(api);
    statuses.addTo(api);
    new CheckRoutes(runs, repositories, hooks, new CheckJson(repositories, pulls, urls), clock)
        .addTo(api);
    new TreeRoutes(repositories, urls).addTo(api);
    new FileRoutes(repositories, references, protections, urls, clock).addTo(api);
    // last: a commit's reference may have any number of segments, those of other routes too
    new CommitRoutes(repositories, urls).addTo(api);
    following.catchUp();
  }

  @Override
  public Route route(Exchange exchange) {
    String path = exchange.path();
    if (!path.startsWith(Urls.API + "/")) {
      return gitRoutes.find(exchange.method(), path);
    }
    return api.route(exchange, named(path.substring(Urls.API.length())));
  }

  /// The path of a repository that is asked for by its id is the one with its name.
  private String named(String path) {
    Matcher byId = BY_ID.matcher(path);
    return byId.matches()
        ? repositories
            .find(Long.parseLong(byId.group(1)))
            .map(found ->
                "/repos/" + found.fullName() + Optional.ofNullable(byId.group(2)).orElse(""))
            .orElse(path)
        : path;
  }

  @Override
  public void close() {
    hooks.close();
    git.close();
  }
}
