package dev.slipway.localgithub.api;

import tools.jackson.databind.node.ObjectNode;

/// Somebody who has a name here.
///
/// @param type User, Organization or Bot
public record Account(String login, long id, String type) {
  /// Whose all repositories are.
  public static final Account OWNER = new Account("slipway", 1, "User");

  public ObjectNode json(Urls urls) {
    String path = login.replace("[", "%5B").replace("]", "%5D");
    String url = urls.api("/users/" + path);
    ObjectNode json =
        Json.object()
            .put("login", login)
            .put("id", id)
            .put("node_id", Json.nodeId("User", id))
            .put("avatar_url", urls.html("/avatars/u/" + id))
            .put("gravatar_id", "")
            .put("url", url)
            .put("html_url", urls.html("/" + path));
    for (String of : new String[] {"followers", "subscriptions", "repos", "received_events"}) {
      json.put(of + "_url", url + "/" + of);
    }
    return json.put("following_url", url + "/following{/other_user}")
        .put("gists_url", url + "/gists{/gist_id}")
        .put("starred_url", url + "/starred{/owner}{/repo}")
        .put("organizations_url", url + "/orgs")
        .put("events_url", url + "/events{/privacy}")
        .put("type", type)
        .put("site_admin", false);
  }
}
