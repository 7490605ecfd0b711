package dev.slipway.localgithub.app;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Credentials;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is answered to and about the App, its installation and whoever asks.
public final class AppRoutes {
  private static final int MOST_REPOSITORIES = 500;

  private final AppTokens tokens;
  private final Repositories repositories;
  private final Urls urls;

  public AppRoutes(AppTokens tokens, Repositories repositories, Urls urls) {
    this.tokens = tokens;
    this.repositories = repositories;
    this.urls = urls;
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET /app", call -> appOnly(call, App.json(urls)))
            .on(
                "GET /app/installations",
                call -> appOnly(call, Json.array().add(App.installation(urls))))
            .on("GET /app/installations/{id}", this::installation)
            .on("POST /app/installations/{id}/access_tokens", this::issue)
            .on("GET /users/{login}/installation", call -> appOnly(call, App.installation(urls)))
            .on("GET /repos/{owner}/{repo}/installation", this::ofRepository)
            .on("GET /installation/repositories", this::visible)
            .on("DELETE /installation/token", this::revoke)
            .on("GET /user", this::user)
            .on("GET /users/{login}", this::account)
            .on("GET /meta", this::meta);
  }

  private static void requireApp(Call call) {
    if (call.caller().kind() != Caller.Kind.APP) {
      throw new RefusedException(401, "A JSON web token could not be decoded");
    }
  }

  private static void appOnly(Call call, JsonNode json) throws IOException {
    requireApp(call);
    call.answer(200, json);
  }

  private static void requireInstallation(Call call) {
    requireApp(call);
    if (call.number("id") != App.INSTALLATION) {
      throw Refusals.notFound();
    }
  }

  private void installation(Call call) throws IOException {
    requireInstallation(call);
    call.answer(200, App.installation(urls));
  }

  private void ofRepository(Call call) throws IOException {
    requireApp(call);
    Repository _ =
        repositories
            .find(call.parameter("owner"), call.parameter("repo"))
            .orElseThrow(Refusals::notFound);
    call.answer(200, App.installation(urls));
  }

  private void issue(Call call) throws IOException {
    requireInstallation(call);
    Body body = call.body();
    Optional<Set<Long>> narrowed = repositories(body);
    Map<String, String> permissions =
        body.object("permissions").map(AppRoutes::permissions).orElse(App.PERMISSIONS);
    AppTokens.Token token = tokens.issue(narrowed, permissions);
    ObjectNode json =
        Json.object()
            .put("token", token.value())
            .put("expires_at", Json.time(token.expiresAt()))
            .set("permissions", App.permissions(permissions))
            .put("repository_selection", narrowed.isPresent() ? "selected" : "all");
    RepositoryJson repositoryJson = new RepositoryJson(urls);
    narrowed.ifPresent(some ->
        json.set(
            "repositories",
            Json.array(
                some.stream().sorted().flatMap(id -> repositories.find(id).stream()).toList(),
                repositoryJson::json)));
    call.answer(201, json);
  }

  private Optional<Set<Long>> repositories(Body body) {
    Optional<List<JsonNode>> ids = body.items("repository_ids");
    Optional<List<String>> names = body.texts("repositories");
    if (ids.isEmpty() && names.isEmpty()) {
      return Optional.empty();
    }
    Set<Long> some =
        ids.orElseGet(List::of).stream().map(JsonNode::asLong).collect(Collectors.toSet());
    Set<Long> known = new HashSet<>();
    for (Repository repository : repositories.all()) {
      if (some.contains(repository.id())
          || names.orElseGet(List::of).stream().anyMatch(repository.name()::equalsIgnoreCase)) {
        known.add(repository.id());
      }
    }
    int asked = some.size() + names.orElseGet(List::of).size();
    if (asked > MOST_REPOSITORIES || known.size() < asked) {
      throw new RefusedException(
          422,
          "There is at least one repository that does not exist or is not accessible to the parent"
              + " installation.");
    }
    return Optional.of(known);
  }

  private static Map<String, String> permissions(Body body) {
    Map<String, String> wanted = new LinkedHashMap<>();
    body.json()
        .properties()
        .forEach(each -> wanted.put(each.getKey(), body.requireText(each.getKey())));
    wanted.forEach((name, level) -> {
      String granted = App.PERMISSIONS.getOrDefault(name, "");
      if (!granted.equals("write") && !granted.equals(level)) {
        throw new RefusedException(
            422, "The permissions requested are not granted to this installation.");
      }
    });
    wanted.put("metadata", "read");
    return wanted;
  }

  private void visible(Call call) throws IOException {
    if (call.caller().kind() != Caller.Kind.INSTALLATION) {
      throw new RefusedException(
          403,
          "You must authenticate with an installation access token in order to list"
              + " repositories for an installation.");
    }
    List<Repository> all =
        repositories.all().stream().filter(each -> call.caller().sees(each.id())).toList();
    RepositoryJson repositoryJson = new RepositoryJson(urls);
    call.answer(
        200,
        Json.object()
            .put("total_count", all.size())
            .put(
                "repository_selection",
                call.caller().repositories().isPresent() ? "selected" : "all")
            .set("repositories", Json.array(call.pageOf(all), repositoryJson::json)));
  }

  private void revoke(Call call) throws IOException {
    if (call.caller().kind() != Caller.Kind.INSTALLATION) {
      throw new RefusedException(403, "Resource not accessible by personal access token");
    }
    Credentials.of(call.exchange()).ifPresent(tokens::revoke);
    call.noContent();
  }

  private void user(Call call) throws IOException {
    if (call.caller().kind() != Caller.Kind.USER) {
      throw new RefusedException(403, "Resource not accessible by integration");
    }
    call.answer(200, profile(call.caller().account()));
  }

  private void account(Call call) throws IOException {
    String login = call.parameter("login");
    Account found =
        Stream.concat(
                Stream.of(Account.OWNER, App.BOT),
                repositories.all().stream().map(Repository::holder))
            .filter(each -> each.login().equalsIgnoreCase(login))
            .findFirst()
            .orElseThrow(Refusals::notFound);
    call.answer(200, profile(found));
  }

  private ObjectNode profile(Account account) {
    ObjectNode json = account.json(urls).put("name", account.login());
    for (String none :
        new String[] {
          "company", "blog", "location", "email", "hireable", "bio", "twitter_username"
        }) {
      json.putNull(none);
    }
    return json.put("public_repos", repositories.all().size())
        .put("public_gists", 0)
        .put("followers", 0)
        .put("following", 0)
        .put("created_at", "1970-01-01T00:00:00Z")
        .put("updated_at", "1970-01-01T00:00:00Z");
  }

  private void meta(Call call) throws IOException {
    ObjectNode json = Json.object().put("verifiable_password_authentication", false);
    for (String each : new String[] {"hooks", "web", "api", "git"}) {
      json.set(each, Json.array().add("127.0.0.1/32"));
    }
    call.answer(200, json);
  }
}
