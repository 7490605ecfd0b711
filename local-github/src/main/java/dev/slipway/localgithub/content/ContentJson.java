package dev.slipway.localgithub.content;

import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Trees.Entry;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/// Files and folders as GitHub writes them.
///
/// @param urls where things are
record ContentJson(Urls urls) {
  static String base64(byte[] content) {
    String lines = Base64.getMimeEncoder(60, new byte[] {'\n'}).encodeToString(content);
    return lines.isEmpty() ? "" : lines + "\n";
  }

  /// What a path of a reference is, without its content.
  ObjectNode item(Repository repository, String ref, String path, Entry entry) {
    RepositoryJson repositoryJson = new RepositoryJson(urls);
    String url = repositoryJson.url(repository) + "/contents/" + path + "?ref=" + ref;
    boolean file = entry.type().equals("blob");
    String git =
        repositoryJson.url(repository) + "/git/" + (file ? "blobs/" : "trees/") + entry.sha();
    String html = repositoryJson.html(repository) + (file ? "/blob/" : "/tree/") + ref + "/" + path;
    String type =
        switch (entry.type()) {
          case "tree" -> "dir";
          case "commit" -> "submodule";
          default -> entry.mode().equals("120000") ? "symlink" : "file";
        };
    ObjectNode json =
        Json.object()
            .put("name", path.substring(path.lastIndexOf('/') + 1))
            .put("path", path)
            .put("sha", entry.sha())
            .put("size", entry.sizeBytes())
            .put("url", url)
            .put("html_url", html)
            .put("git_url", git)
            .put(
                "download_url",
                file ? repositoryJson.html(repository) + "/raw/" + ref + "/" + path : null)
            .put("type", type);
    return json.set("_links", Json.object().put("self", url).put("git", git).put("html", html));
  }
}
