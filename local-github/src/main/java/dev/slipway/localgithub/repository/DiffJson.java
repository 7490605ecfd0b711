package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Diffs;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Files that differ as GitHub writes them.
///
/// @param urls where things are
public record DiffJson(Urls urls) {
  /// A file that a commit has otherwise than another.
  public ObjectNode json(Repository repository, String commit, Diffs.Change change) {
    String at = commit + "/" + change.path();
    String html = urls.html("/" + repository.fullName());
    ObjectNode json =
        Json.object()
            .put("sha", change.sha())
            .put("filename", change.path())
            .put("status", change.kind().name().toLowerCase(Locale.ROOT))
            .put("additions", change.additions())
            .put("deletions", change.deletions())
            .put("changes", change.additions() + change.deletions())
            .put("blob_url", html + "/blob/" + at)
            .put("raw_url", html + "/raw/" + at)
            .put(
                "contents_url",
                urls.api(
                    "/repos/"
                        + repository.fullName()
                        + "/contents/"
                        + change.path()
                        + "?ref="
                        + commit));
    if (change.former() != null) {
      json.put("previous_filename", change.former());
    }
    if (change.patch() != null) {
      json.put("patch", change.patch());
    }
    return json;
  }
}
