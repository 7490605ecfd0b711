package dev.slipway.localgithub.hook;

import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.hook.Delivery.Outcome;
import dev.slipway.localgithub.repository.Repository;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Hooks and deliveries as GitHub writes them.
///
/// @param urls where things are
record HookJson(Urls urls) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// What stands in the place of a secret, which nobody reads back.
  static final String MASK = "********";

  ObjectNode json(Repository repository, Hook hook) {
    String url = urls.api("/repos/" + repository.fullName() + "/hooks/" + hook.id());
    Hook.@Nullable Last last = hook.last();
    ObjectNode response =
        last == null
            ? Json.object().putNull("code").put("status", "unused").putNull("message")
            : Json.object()
                .put("code", last.code())
                .put("status", last.code() >= 200 && last.code() < 300 ? "active" : last.status())
                .put("message", last.status());
    return Json.object()
        .put("type", "Repository")
        .put("id", hook.id())
        .put("name", "web")
        .put("active", hook.active())
        .set("events", Json.texts(hook.events()))
        .set("config", config(hook.config()))
        .put("updated_at", Json.time(hook.updatedAt()))
        .put("created_at", Json.time(hook.createdAt()))
        .put("url", url)
        .put("test_url", url + "/test")
        .put("ping_url", url + "/pings")
        .put("deliveries_url", url + "/deliveries")
        .set("last_response", response);
  }

  ObjectNode config(Hook.Config config) {
    ObjectNode json =
        Json.object()
            .put("url", config.url())
            .put("content_type", config.form() ? "form" : "json")
            .put("insecure_ssl", config.insecure() ? "1" : "0");
    return config.secret() == null ? json : json.put("secret", MASK);
  }

  /// As it stands in lists.
  ObjectNode item(Delivery delivery) {
    Optional<Outcome> outcome = Optional.ofNullable(delivery.outcome());
    return Json.object()
        .put("id", delivery.id())
        .put("guid", delivery.guid())
        .put("delivered_at", Json.time(delivery.at()))
        .put("redelivery", delivery.redelivery())
        .put("duration", outcome.map(Outcome::seconds).orElse(0.0))
        .put("status", outcome.map(Outcome::status).orElse("pending"))
        .put("status_code", outcome.map(Outcome::code).orElse(0))
        .put("event", delivery.event())
        .put("action", delivery.action())
        .putNull("installation_id")
        .put("repository_id", delivery.repository())
        .putNull("throttled_at");
  }

  ObjectNode full(Hook hook, Delivery delivery) {
    Optional<Outcome> outcome = Optional.ofNullable(delivery.outcome());
    ObjectNode request =
        Json.object()
            .set("headers", headers(outcome.map(Outcome::sent).orElseGet(Map::of)))
            .set("payload", JSON.readTree(delivery.payload()));
    ObjectNode response =
        Json.object()
            .set("headers", headers(outcome.map(Outcome::headers).orElseGet(Map::of)))
            .put("payload", outcome.map(Outcome::body).orElse(""));
    return item(delivery)
        .put("url", outcome.map(Outcome::url).orElse(hook.config().url()))
        .set("request", request)
        .set("response", response);
  }

  private static ObjectNode headers(Map<String, String> headers) {
    ObjectNode json = Json.object();
    headers.forEach(json::put);
    return json;
  }
}
