package dev.slipway.localgithub.hook;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.hook.Hook.Config;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is answered about hooks and deliveries.
public final class HookRoutes {
  private static final String HOOKS = "/repos/{owner}/{repo}/hooks";
  private static final String ONE = HOOKS + "/{hook}";
  private static final String PERMISSION = "repository_hooks";
  private static final int PAGE = 30;
  private static final int LARGEST_PAGE = 100;

  private final Hooks hooks;
  private final Repositories repositories;
  private final HookJson json;

  public HookRoutes(Hooks hooks, Repositories repositories, Urls urls) {
    this.hooks = hooks;
    this.repositories = repositories;
    json = new HookJson(urls);
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET " + HOOKS, this::list)
            .on("POST " + HOOKS, this::create)
            .on("GET " + ONE, this::show)
            .on("PATCH " + ONE, this::change)
            .on("DELETE " + ONE, this::delete)
            .on("GET " + ONE + "/config", this::config)
            .on("PATCH " + ONE + "/config", this::changeConfig)
            .on("POST " + ONE + "/pings", this::ping)
            .on("GET " + ONE + "/deliveries", this::deliveries)
            .on("GET " + ONE + "/deliveries/{delivery}", this::delivery)
            .on("POST " + ONE + "/deliveries/{delivery}/attempts", this::redeliver);
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, PERMISSION);
    return repository;
  }

  private Repository writable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(true, PERMISSION);
    return repository;
  }

  private void list(Call call) throws IOException {
    Repository repository = readable(call);
    call.page(hooks.of(repository), hook -> json.json(repository, hook));
  }

  private void create(Call call) throws IOException {
    Repository repository = writable(call);
    Body body = call.body();
    if (body.text("name").filter(name -> !name.equals("web")).isPresent()) {
      throw Refusals.invalid("Hook", "name", "invalid");
    }
    Body config = body.object("config").orElseThrow(() -> Body.missing("config"));
    Hook made =
        hooks.create(
            repository,
            body.flag("active").orElse(true),
            events(body.texts("events").orElseGet(() -> List.of("push"))),
            config(config, Optional.empty()));
    hooks.ping(repository, made, json.json(repository, made), call.caller().account());
    call.exchange()
        .set(
            "Location", call.urls().api("/repos/" + repository.fullName() + "/hooks/" + made.id()));
    call.answer(201, json.json(repository, made));
  }

  private static List<String> events(List<String> names) {
    if (names.isEmpty() || names.stream().anyMatch(name -> !name.matches("[a-z_]+|\\*"))) {
      throw Refusals.invalid("Hook", "events", "invalid");
    }
    return names.stream().distinct().toList();
  }

  /// @param before what stays where the body says nothing else
  private static Config config(Body body, Optional<Config> before) {
    String url =
        body.text("url")
            .or(() -> before.map(Config::url))
            .orElseThrow(
                () -> Refusals.invalid("Hook", "url", "missing_field", "url cannot be blank"));
    requireUrl(url);
    boolean form =
        body.text("content_type")
            .map(type -> isForm(type))
            .orElseGet(() -> before.map(Config::form).orElse(true));
    @Nullable String secret =
        body.names("secret")
            ? body.text("secret")
                .filter(value -> !value.isEmpty())
                .map(value ->
                    value.equals(HookJson.MASK) ? before.map(Config::secret).orElse(value) : value)
                .orElse(null)
            : before.map(Config::secret).orElse(null);
    boolean insecure =
        body.json().path("insecure_ssl").isMissingNode()
            ? before.map(Config::insecure).orElse(false)
            : body.json().path("insecure_ssl").asString("0").equals("1");
    return new Config(url, form, secret, insecure);
  }

  private static boolean isForm(String type) {
    return switch (type) {
      case "form" -> true;
      case "json" -> false;
      default -> throw Refusals.invalid("Hook", "content_type", "invalid");
    };
  }

  private static void requireUrl(String text) {
    try {
      URI url = URI.create(text);
      String scheme = Optional.ofNullable(url.getScheme()).orElse("");
      if (url.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return;
      }
    } catch (IllegalArgumentException _) {
      // as one with another scheme
    }
    throw Refusals.invalid("Hook", "url", "invalid", "url is not supported: " + text);
  }

  private void show(Call call) throws IOException {
    Repository repository = readable(call);
    call.answer(200, json.json(repository, hooks.require(repository, call)));
  }

  private void change(Call call) throws IOException {
    Repository repository = writable(call);
    Hook hook = hooks.require(repository, call);
    Body body = call.body();
    Set<String> events = new LinkedHashSet<>(body.texts("events").orElse(hook.events()));
    events.addAll(body.texts("add_events").orElseGet(List::of));
    body.texts("remove_events").orElseGet(List::of).forEach(events::remove);
    // a whole new one: what it does not name is gone, the secret too
    Config config =
        body.object("config").map(given -> config(given, Optional.empty())).orElse(hook.config());
    Hook changed =
        hooks.change(
            hook,
            body.flag("active").orElse(hook.active()),
            events(new ArrayList<>(events)),
            config);
    call.answer(200, json.json(repository, changed));
  }

  private void delete(Call call) throws IOException {
    hooks.delete(hooks.require(writable(call), call));
    call.noContent();
  }

  private void config(Call call) throws IOException {
    call.answer(200, json.config(hooks.require(readable(call), call).config()));
  }

  private void changeConfig(Call call) throws IOException {
    Hook hook = hooks.require(writable(call), call);
    Config config = config(call.body(), Optional.of(hook.config()));
    call.answer(
        200, json.config(hooks.change(hook, hook.active(), hook.events(), config).config()));
  }

  private void ping(Call call) throws IOException {
    Repository repository = readable(call);
    Hook hook = hooks.require(repository, call);
    hooks.ping(repository, hook, json.json(repository, hook), call.caller().account());
    call.noContent();
  }

  private void deliveries(Call call) throws IOException {
    Hook hook = hooks.require(readable(call), call);
    long before = call.query("cursor").map(HookRoutes::cursor).orElse(Long.MAX_VALUE);
    Optional<String> status = call.query("status");
    if (status.filter(each -> !each.equals("success") && !each.equals("failure")).isPresent()) {
      throw Refusals.invalid("HookDelivery", "status", "invalid");
    }
    int size =
        Math.clamp(call.query("per_page").map(HookRoutes::size).orElse(PAGE), 1, LARGEST_PAGE);
    List<Delivery> all =
        hooks.deliveriesOf(hook).stream()
            .filter(delivery -> delivery.id() < before)
            .filter(delivery ->
                status.isEmpty()
                    || (delivery.outcome() != null
                        && delivery.outcome().isSuccess() == status.get().equals("success")))
            .toList();
    List<Delivery> page = all.subList(0, Math.min(size, all.size()));
    if (page.size() < all.size()) {
      call.exchange()
          .set(
              "Link",
              "<%s?per_page=%d%s&cursor=v1_%d>; rel=\"next\""
                  .formatted(
                      call.urls().html(call.exchange().path()),
                      size,
                      status.map(each -> "&status=" + each).orElse(""),
                      page.getLast().id()));
    }
    call.answer(200, Json.array(page, json::item));
  }

  private static long cursor(String text) {
    if (!text.matches("v1_\\d{1,18}")) {
      throw new RefusedException(400, "Invalid cursor");
    }
    return Long.parseLong(text.substring(3));
  }

  private static int size(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : PAGE;
  }

  private void delivery(Call call) throws IOException {
    Hook hook = hooks.require(readable(call), call);
    call.answer(200, json.full(hook, hooks.requireDelivery(hook, call.number("delivery"))));
  }

  private void redeliver(Call call) throws IOException {
    Hook hook = hooks.require(writable(call), call);
    hooks.redeliver(hook, hooks.requireDelivery(hook, call.number("delivery")));
    call.answer(202, Json.object());
  }
}
