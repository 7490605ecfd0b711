package dev.slipway.localgithub.content;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.Trees;
import dev.slipway.localgithub.git.Trees.Entry;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about trees and files.
public final class TreeRoutes {
  private static final String CONTENTS = "/repos/{owner}/{repo}/contents/{path*}";
  private static final int LARGEST_SHOWN = 100 << 20;

  private final Repositories repositories;
  private final RepositoryJson repositoryJson;
  private final ContentJson json;

  public TreeRoutes(Repositories repositories, Urls urls) {
    this.repositories = repositories;
    repositoryJson = new RepositoryJson(urls);
    json = new ContentJson(urls);
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET /repos/{owner}/{repo}/git/trees/{tree*}", this::tree)
            .on("GET /repos/{owner}/{repo}/git/blobs/{sha}", this::blob)
            .on("GET /repos/{owner}/{repo}/contents", call -> contents(call, ""))
            .on("GET " + CONTENTS, call -> contents(call, call.parameter("path")));
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, "contents");
    return repository;
  }

  private void tree(Call call) throws IOException {
    Repository repository = readable(call);
    GitRepository git = repositories.git(repository);
    String sha = git.object(call.parameter("tree") + "^{tree}").orElseThrow(Refusals::notFound);
    String url = repositoryJson.url(repository) + "/git/";
    List<Entry> entries = new Trees(git).entries(sha, call.query("recursive").isPresent());
    call.answer(
        200,
        Json.object()
            .put("sha", sha)
            .put("url", url + "trees/" + sha)
            .set("tree", Json.array(entries, entry -> entry(url, entry)))
            .put("truncated", false));
  }

  private static ObjectNode entry(String url, Entry entry) {
    ObjectNode json =
        Json.object()
            .put("path", entry.path())
            .put("mode", entry.mode())
            .put("type", entry.type())
            .put("sha", entry.sha());
    if (entry.type().equals("blob")) {
      json.put("size", entry.sizeBytes());
    }
    return entry.type().equals("commit")
        ? json
        : json.put("url", url + entry.type() + "s/" + entry.sha());
  }

  private void blob(Call call) throws IOException {
    Repository repository = readable(call);
    String sha = call.parameter("sha");
    byte[] content =
        new Trees(repositories.git(repository)).blob(sha).orElseThrow(Refusals::notFound);
    call.answer(
        200,
        Json.object()
            .put("sha", sha)
            .put("node_id", Json.nodeId("Blob", sha))
            .put("size", content.length)
            .put("url", repositoryJson.url(repository) + "/git/blobs/" + sha)
            .put("content", ContentJson.base64(content))
            .put("encoding", "base64"));
  }

  private void contents(Call call, String path) throws IOException {
    Repository repository = readable(call);
    GitRepository git = repositories.git(repository);
    String ref = call.query("ref").orElse(repository.defaultBranch());
    String commit =
        git.commit(ref)
            .orElseThrow(() -> new RefusedException(404, "No commit found for the ref " + ref));
    Trees trees = new Trees(git);
    Entry found =
        path.isEmpty()
            ? new Entry("040000", "tree", commit, 0, "")
            : trees.find(commit, path).orElseThrow(Refusals::notFound);
    if (found.type().equals("tree")) {
      List<Entry> children = trees.entries(found.sha(), false);
      String above = path.isEmpty() ? "" : path + "/";
      call.answer(
          200,
          Json.array(children, child -> json.item(repository, ref, above + child.path(), child)));
      return;
    }
    ObjectNode file = json.item(repository, ref, path, found);
    if (found.type().equals("blob") && found.sizeBytes() <= LARGEST_SHOWN) {
      byte[] content = trees.blob(found.sha()).orElseThrow(Refusals::notFound);
      ObjectNode _ = file.put("encoding", "base64").put("content", ContentJson.base64(content));
    }
    call.answer(200, file);
  }
}
