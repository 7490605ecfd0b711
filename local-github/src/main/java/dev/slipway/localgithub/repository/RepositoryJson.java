package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Repositories as GitHub writes them.
///
/// @param urls where things are
public record RepositoryJson(Urls urls) {
  private static final Map<String, String> TEMPLATES =
      Map.ofEntries(
          Map.entry("archive_url", "/{archive_format}{/ref}"),
          Map.entry("assignees_url", "/assignees{/user}"),
          Map.entry("blobs_url", "/git/blobs{/sha}"),
          Map.entry("branches_url", "/branches{/branch}"),
          Map.entry("collaborators_url", "/collaborators{/collaborator}"),
          Map.entry("comments_url", "/comments{/number}"),
          Map.entry("commits_url", "/commits{/sha}"),
          Map.entry("compare_url", "/compare/{base}...{head}"),
          Map.entry("contents_url", "/contents/{+path}"),
          Map.entry("contributors_url", "/contributors"),
          Map.entry("deployments_url", "/deployments"),
          Map.entry("downloads_url", "/downloads"),
          Map.entry("events_url", "/events"),
          Map.entry("forks_url", "/forks"),
          Map.entry("git_commits_url", "/git/commits{/sha}"),
          Map.entry("git_refs_url", "/git/refs{/sha}"),
          Map.entry("git_tags_url", "/git/tags{/sha}"),
          Map.entry("hooks_url", "/hooks"),
          Map.entry("issue_comment_url", "/issues/comments{/number}"),
          Map.entry("issue_events_url", "/issues/events{/number}"),
          Map.entry("issues_url", "/issues{/number}"),
          Map.entry("keys_url", "/keys{/key_id}"),
          Map.entry("labels_url", "/labels{/name}"),
          Map.entry("languages_url", "/languages"),
          Map.entry("merges_url", "/merges"),
          Map.entry("milestones_url", "/milestones{/number}"),
          Map.entry("notifications_url", "/notifications{?since,all,participating}"),
          Map.entry("pulls_url", "/pulls{/number}"),
          Map.entry("releases_url", "/releases{/id}"),
          Map.entry("stargazers_url", "/stargazers"),
          Map.entry("statuses_url", "/statuses/{sha}"),
          Map.entry("subscribers_url", "/subscribers"),
          Map.entry("subscription_url", "/subscription"),
          Map.entry("tags_url", "/tags"),
          Map.entry("teams_url", "/teams"),
          Map.entry("trees_url", "/git/trees{/sha}"));

  /// Where it is in the API.
  public String url(Repository repository) {
    return urls.api("/repos/" + repository.fullName());
  }

  /// Where people would look at it.
  public String html(Repository repository) {
    return urls.html("/" + repository.fullName());
  }

  /// As it stands in other things.
  public ObjectNode json(Repository repository) {
    ObjectNode json =
        Json.object()
            .put("id", repository.id())
            .put("node_id", Json.nodeId("Repository", repository.id()))
            .put("name", repository.name())
            .put("full_name", repository.fullName())
            .put("private", repository.isPrivate());
    json.set("owner", repository.holder().json(urls));
    json.put("html_url", html(repository))
        .put("description", repository.description())
        .put("fork", repository.parent() != null)
        .put("url", url(repository));
    TEMPLATES.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> json.put(each.getKey(), url(repository) + each.getValue()));
    String host = urls.root().getAuthority();
    return figures(
            json.put("created_at", Json.time(repository.createdAt()))
                .put("updated_at", Json.time(repository.updatedAt()))
                .put("pushed_at", Json.time(repository.pushedAt()))
                .put("git_url", "git://" + host + "/" + repository.fullName() + ".git")
                .put("ssh_url", "ssh://git@" + host + "/" + repository.fullName() + ".git")
                .put("clone_url", html(repository) + ".git")
                .put("svn_url", html(repository)))
        .put("default_branch", repository.defaultBranch())
        .put("archived", repository.archived())
        .put("disabled", false)
        .put("visibility", repository.isPrivate() ? "private" : "public");
  }

  private static ObjectNode figures(ObjectNode json) {
    for (String none : new String[] {"homepage", "language", "mirror_url", "license"}) {
      json.putNull(none);
    }
    for (String figure :
        new String[] {
          "size",
          "stargazers_count",
          "watchers_count",
          "forks_count",
          "forks",
          "watchers",
          "open_issues_count",
          "open_issues"
        }) {
      json.put(figure, 0);
    }
    json.set("topics", Json.array());
    return json.put("has_issues", true)
        .put("has_projects", false)
        .put("has_downloads", false)
        .put("has_wiki", false)
        .put("has_pages", false)
        .put("has_discussions", false)
        .put("allow_forking", true)
        .put("is_template", false)
        .put("web_commit_signoff_required", false);
  }

  /// Alone.
  public ObjectNode full(Repository repository) {
    return json(repository)
        .put("network_count", 0)
        .put("subscribers_count", 0)
        .put("allow_merge_commit", true)
        .put("allow_squash_merge", true)
        .put("allow_rebase_merge", true)
        .put("allow_auto_merge", false)
        .put("allow_update_branch", true)
        .put("delete_branch_on_merge", repository.deletesBranches())
        .set(
            "permissions",
            Json.object()
                .put("admin", true)
                .put("maintain", true)
                .put("push", true)
                .put("triage", true)
                .put("pull", true));
  }

  /// As it stands in webhooks: a push tells its times in seconds since 1970.
  public ObjectNode ofPush(Repository repository) {
    return json(repository)
        .put("created_at", seconds(repository.createdAt()))
        .put("pushed_at", seconds(repository.pushedAt()))
        .put("stargazers", 0)
        .put("master_branch", repository.defaultBranch());
  }

  private static long seconds(Instant time) {
    return time.getEpochSecond();
  }
}
