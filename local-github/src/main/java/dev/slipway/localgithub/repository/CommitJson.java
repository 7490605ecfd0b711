package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Commit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Commits as GitHub writes them.
///
/// @param urls where things are
public record CommitJson(Urls urls) {
  private String api(Repository repository) {
    return urls.api("/repos/" + repository.fullName());
  }

  private String html(Repository repository) {
    return urls.html("/" + repository.fullName());
  }

  static ObjectNode signature(Commit.Signature signature) {
    return Json.object()
        .put("name", signature.name())
        .put("email", signature.email())
        .put("date", Json.time(signature.at()));
  }

  /// With what GitHub knows about it.
  public ObjectNode json(Repository repository, Commit commit) {
    String url = api(repository) + "/commits/" + commit.sha();
    ObjectNode git =
        Json.object()
            .set("author", signature(commit.author()))
            .set("committer", signature(commit.committer()))
            .put("message", commit.message())
            .set("tree", tree(repository, commit.tree()))
            .put("url", api(repository) + "/git/commits/" + commit.sha())
            .put("comment_count", 0)
            .set("verification", verification());
    return Json.object()
        .put("sha", commit.sha())
        .put("node_id", Json.nodeId("Commit", commit.sha()))
        .set("commit", git)
        .put("url", url)
        .put("html_url", html(repository) + "/commit/" + commit.sha())
        .put("comments_url", url + "/comments")
        .putNull("author")
        .putNull("committer")
        .set("parents", parents(repository, commit, "commits"));
  }

  private ArrayNode parents(Repository repository, Commit commit, String kind) {
    return Json.array(
        commit.parents(),
        parent ->
            Json.object()
                .put("sha", parent)
                .put("url", api(repository) + "/" + kind + "/" + parent)
                .put("html_url", html(repository) + "/commit/" + parent));
  }

  private ObjectNode tree(Repository repository, String tree) {
    return Json.object().put("sha", tree).put("url", api(repository) + "/git/trees/" + tree);
  }

  private static ObjectNode verification() {
    return Json.object()
        .put("verified", false)
        .put("reason", "unsigned")
        .putNull("signature")
        .putNull("payload")
        .putNull("verified_at");
  }

  /// As git has it.
  public ObjectNode git(Repository repository, Commit commit) {
    return Json.object()
        .put("sha", commit.sha())
        .put("node_id", Json.nodeId("Commit", commit.sha()))
        .put("url", api(repository) + "/git/commits/" + commit.sha())
        .put("html_url", html(repository) + "/commit/" + commit.sha())
        .set("author", signature(commit.author()))
        .set("committer", signature(commit.committer()))
        .set("tree", tree(repository, commit.tree()))
        .put("message", commit.message())
        .set("parents", parents(repository, commit, "git/commits"))
        .set("verification", verification());
  }

  /// Who made it, without when.
  public static ObjectNode person(Commit.Signature signature) {
    return Json.object().put("name", signature.name()).put("email", signature.email());
  }
}
