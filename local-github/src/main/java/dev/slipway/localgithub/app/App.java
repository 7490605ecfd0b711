package dev.slipway.localgithub.app;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The one GitHub App that there is, installed on everything.
public final class App {
  public static final long ID = 1;
  static final String CLIENT_ID = "Iv1.local0000000001";
  static final long INSTALLATION = 1;

  /// In whose name an installation does things.
  public static final Account BOT = new Account("slipway-local[bot]", 2, "Bot");

  static final Map<String, String> PERMISSIONS =
      Map.of(
          "administration", "write",
          "checks", "write",
          "contents", "write",
          "issues", "write",
          "metadata", "read",
          "pull_requests", "write",
          "repository_hooks", "write",
          "statuses", "write",
          "workflows", "write");

  private static final String SLUG = "slipway-local";
  private static final String SINCE = Instant.EPOCH.toString();

  private App() {}

  static ObjectNode permissions(Map<String, String> permissions) {
    ObjectNode json = Json.object();
    permissions.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> json.put(each.getKey(), each.getValue()));
    return json;
  }

  /// As GitHub writes it.
  public static ObjectNode json(Urls urls) {
    return Json.object()
        .put("id", ID)
        .put("slug", SLUG)
        .put("node_id", Json.nodeId("App", ID))
        .put("client_id", CLIENT_ID)
        .set("owner", Account.OWNER.json(urls))
        .put("name", "Slipway (local)")
        .put("description", "The App of this local GitHub")
        .put("external_url", urls.html("/"))
        .put("html_url", urls.html("/apps/" + SLUG))
        .put("created_at", SINCE)
        .put("updated_at", SINCE)
        .set("permissions", permissions(PERMISSIONS))
        .set("events", Json.texts(List.of()));
  }

  static ObjectNode installation(Urls urls) {
    String url = urls.api("/app/installations/" + INSTALLATION);
    return Json.object()
        .put("id", INSTALLATION)
        .put("client_id", CLIENT_ID)
        .set("account", Account.OWNER.json(urls))
        .put("repository_selection", "all")
        .put("access_tokens_url", url + "/access_tokens")
        .put("repositories_url", urls.api("/installation/repositories"))
        .put("html_url", urls.html("/settings/installations/" + INSTALLATION))
        .put("app_id", ID)
        .put("app_slug", SLUG)
        .put("target_id", Account.OWNER.id())
        .put("target_type", "User")
        .set("permissions", permissions(PERMISSIONS))
        .set("events", Json.texts(List.of()))
        .put("created_at", SINCE)
        .put("updated_at", SINCE)
        .putNull("single_file_name")
        .put("has_multiple_single_files", false)
        .set("single_file_paths", Json.array())
        .putNull("suspended_by")
        .putNull("suspended_at");
  }
}
