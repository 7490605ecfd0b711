package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.Diffs;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.pull.PullRequest.Branch;
import dev.slipway.localgithub.pull.PullRequest.Fork;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import tools.jackson.databind.node.ObjectNode;

/// Pull requests as GitHub writes them.
public final class PullJson {
  private final Repositories repositories;
  private final Labels labels;
  private final ToIntFunction<PullRequest> comments;
  private final ToIntFunction<PullRequest> lineComments;
  private final Urls urls;
  private final RepositoryJson repositoryJson;

  /// @param comments how many there are on one
  /// @param lineComments how many there are on its lines
  public PullJson(
      Repositories repositories,
      Labels labels,
      ToIntFunction<PullRequest> comments,
      ToIntFunction<PullRequest> lineComments,
      Urls urls) {
    this.repositories = repositories;
    this.labels = labels;
    this.comments = comments;
    this.lineComments = lineComments;
    this.urls = urls;
    repositoryJson = new RepositoryJson(urls);
  }

  /// Where it is in the API.
  public String url(Repository repository, PullRequest pull) {
    return repositoryJson.url(repository) + "/pulls/" + pull.number();
  }

  public String html(Repository repository, PullRequest pull) {
    return repositoryJson.html(repository) + "/pull/" + pull.number();
  }

  /// As it stands in lists and in the events of reviews.
  public ObjectNode simple(Repository repository, PullRequest pull) {
    String url = url(repository, pull);
    String html = html(repository, pull);
    String issue = repositoryJson.url(repository) + "/issues/" + pull.number();
    Account author = pull.identity().author();
    ObjectNode json =
        Json.object()
            .put("url", url)
            .put("id", pull.identity().id())
            .put("node_id", Json.nodeId("PullRequest", pull.identity().id()))
            .put("html_url", html)
            .put("diff_url", html + ".diff")
            .put("patch_url", html + ".patch")
            .put("issue_url", issue)
            .put("number", pull.number())
            .put("state", pull.isOpen() ? "open" : "closed")
            .put("locked", false)
            .put("title", pull.content().title());
    json.set("user", author.json(urls));
    json.put("body", pull.content().body())
        .put("created_at", Json.time(pull.identity().createdAt()))
        .put("updated_at", Json.time(pull.updatedAt()))
        .put("closed_at", Json.time(pull.ending().closedAt()))
        .put("merged_at", Json.time(pull.ending().mergedAt()))
        .put("merge_commit_sha", pull.isMerged() ? pull.ending().sha() : pull.attempt().test())
        .putNull("assignee");
    json.set("assignees", Json.array());
    json.set(
        "requested_reviewers",
        Json.array(pull.content().reviewers(), reviewer -> reviewer.json(urls)));
    json.set("requested_teams", Json.array());
    json.set("labels", labels.json(repository, pull.content().labels()));
    json.putNull("milestone")
        .put("draft", pull.content().draft())
        .put("commits_url", url + "/commits")
        .put("review_comments_url", url + "/comments")
        .put("review_comment_url", repositoryJson.url(repository) + "/pulls/comments{/number}")
        .put("comments_url", issue + "/comments")
        .put("statuses_url", repositoryJson.url(repository) + "/statuses/" + pull.head().sha());
    Fork fork = pull.identity().fork();
    json.set(
        "head",
        branch(
            Heads.holder(repository, fork),
            new Heads(repositories).repository(repository, fork),
            pull.head()));
    json.set("base", branch(repository.holder(), Optional.of(repository), pull.base()));
    json.set("_links", links(json));
    return json.put("author_association", association(author))
        .putNull("auto_merge")
        .putNull("active_lock_reason");
  }

  /// Somebody, as he stands in it.
  ObjectNode account(Account account) {
    return account.json(urls);
  }

  /// How somebody stands to the repositories here.
  public static String association(Account account) {
    return account.equals(Account.OWNER) ? "OWNER" : "NONE";
  }

  private ObjectNode branch(Account holder, Optional<Repository> repository, Branch branch) {
    return Json.object()
        .put("label", holder.login() + ":" + branch.ref())
        .put("ref", branch.ref())
        .put("sha", branch.sha())
        .set("user", holder.json(urls))
        .set("repo", Json.orNull(repository, repositoryJson::json));
  }

  private static ObjectNode links(ObjectNode json) {
    ObjectNode links = Json.object();
    links.set("self", link(json, "url"));
    links.set("html", link(json, "html_url"));
    links.set("issue", link(json, "issue_url"));
    for (String each :
        List.of("comments", "review_comments", "review_comment", "commits", "statuses")) {
      links.set(each, link(json, each + "_url"));
    }
    return links;
  }

  private static ObjectNode link(ObjectNode json, String field) {
    return Json.object().put("href", json.path(field).asString());
  }

  /// Alone, and in the events of its own.
  public ObjectNode full(Repository repository, PullRequest pull) {
    GitRepository git = repositories.git(repository);
    Optional<String> fork = new Commits(git).mergeBase(pull.base().sha(), pull.head().sha());
    List<Diffs.Change> changes =
        fork.map(base -> new Diffs(git).between(base, pull.head().sha(), false))
            .orElseGet(List::of);
    ObjectNode json =
        simple(repository, pull)
            .put("merged", pull.isMerged())
            .put("mergeable", pull.isOpen() ? pull.attempt().mergeable() : null)
            .put("rebaseable", pull.isOpen() ? pull.attempt().mergeable() : null)
            .put("mergeable_state", mergeableState(pull));
    json.set(
        "merged_by", Json.orNull(Optional.ofNullable(pull.ending().by()), by -> by.json(urls)));
    return json.put("comments", comments.applyAsInt(pull))
        .put("review_comments", lineComments.applyAsInt(pull))
        .put("maintainer_can_modify", pull.content().modifiable())
        .put("commits", new Commits(git).count(pull.base().sha(), pull.head().sha()))
        .put("additions", changes.stream().mapToInt(Diffs.Change::additions).sum())
        .put("deletions", changes.stream().mapToInt(Diffs.Change::deletions).sum())
        .put("changed_files", changes.size());
  }

  private static String mergeableState(PullRequest pull) {
    Boolean mergeable = pull.attempt().mergeable();
    if (!pull.isOpen() || mergeable == null) {
      return "unknown";
    }
    if (!mergeable) {
      return "dirty";
    }
    return pull.content().draft() ? "draft" : "clean";
  }
}
