package dev.slipway.pr.github;

import dev.slipway.web.github.AnswerJson;
import dev.slipway.web.github.Received;
import dev.slipway.web.github.RepositoryPath;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The webhooks of a repository, as one tenant may change them.
public final class RepositoryHooks {
  private final Calls calls;
  private final GitHubRoutes routes;
  private final String owner;
  private final String name;

  RepositoryHooks(Calls calls, GitHubRoutes routes, RepositoryPath path) {
    this.calls = calls;
    this.routes = routes;
    this.owner = path.owner();
    this.name = path.name();
  }

  public List<RemoteHook> list() {
    return calls.list(routes, as -> routes.hooks(as, owner, name), RemoteHook::of);
  }

  /// Makes one. GitHub has one for each URL: of another it says `already_exists`.
  public RemoteHook create(HookSettings settings) {
    ObjectNode body = body(settings).put("name", "web");
    return RemoteHook.of(
        AnswerJson.of(calls.create(as -> routes.createHook(as, owner, name, body))));
  }

  /// Makes one what it is to be, secret included.
  public RemoteHook update(long hook, HookSettings settings) {
    ObjectNode body = body(settings);
    return RemoteHook.of(
        AnswerJson.of(calls.write(as -> routes.updateHook(as, owner, name, hook, body))));
  }

  private static ObjectNode body(HookSettings settings) {
    ObjectNode body = JsonMapper.shared().createObjectNode().put("active", true);
    ArrayNode events = body.putArray("events");
    settings.events().forEach(events::add);
    ObjectNode _ =
        body.putObject("config")
            .put("url", settings.url())
            .put("content_type", "json")
            .put("insecure_ssl", "0")
            .put("secret", settings.secret().value());
    return body;
  }

  /// Has GitHub call it with event `ping`.
  public void ping(long hook) {
    Received _ = calls.write(as -> routes.ping(as, owner, name, hook));
  }

  /// Its latest calls, newest first.
  public List<HookDelivery> deliveries(long hook) {
    return AnswerJson.of(calls.read(as -> routes.deliveries(as, owner, name, hook)))
        .items()
        .map(HookDelivery::of)
        .toList();
  }
}
