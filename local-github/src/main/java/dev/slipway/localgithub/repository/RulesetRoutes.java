package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.repository.Ruleset.Rule;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about the rulesets of a repository.
public final class RulesetRoutes {
  private static final String RULESETS = "/repos/{owner}/{repo}/rulesets";

  private final Repositories repositories;
  private final Protections protections;
  private final Urls urls;
  private final Clock clock;

  public RulesetRoutes(Repositories repositories, Protections protections, Urls urls, Clock clock) {
    this.repositories = repositories;
    this.protections = protections;
    this.urls = urls;
    this.clock = clock;
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET " + RULESETS, this::list)
            .on("POST " + RULESETS, this::create)
            .on("GET " + RULESETS + "/{id}", this::show)
            .on("DELETE " + RULESETS + "/{id}", this::delete);
  }

  private void list(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(false, "metadata", "administration");
    call.page(protections.rulesets(repository.id()), each -> summary(repository, each));
  }

  private void show(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(false, "metadata", "administration");
    call.answer(200, json(repository, find(repository, call)));
  }

  private Ruleset find(Repository repository, Call call) {
    long id = call.number("id");
    return protections.rulesets(repository.id()).stream()
        .filter(each -> each.id() == id)
        .findFirst()
        .orElseThrow(Refusals::notFound);
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "administration");
    Body body = call.body();
    String name = body.requireText("name");
    String target = body.text("target").orElse("branch");
    String enforcement = body.requireText("enforcement");
    if (!target.equals("branch") || !List.of("active", "disabled").contains(enforcement)) {
      throw Refusals.request(
          "Only rulesets of branches that are active or disabled are known here, not "
              + "%s, %s.".formatted(target, enforcement));
    }
    Optional<Body> names = body.object("conditions").flatMap(each -> each.object("ref_name"));
    List<String> include = patterns(names, "include");
    List<String> exclude = patterns(names, "exclude");
    List<Rule> rules =
        body.items("rules").orElseGet(List::of).stream().map(RulesetRoutes::rule).toList();
    Ruleset made =
        protections.add(
            repository.id(),
            id ->
                new Ruleset(
                    id,
                    name,
                    enforcement.equals("active"),
                    include,
                    exclude,
                    rules,
                    clock.instant()));
    call.answer(201, json(repository, made));
  }

  private static List<String> patterns(Optional<Body> names, String field) {
    List<String> patterns = names.flatMap(each -> each.texts(field)).orElseGet(List::of);
    for (String pattern : patterns) {
      try {
        var _ = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      } catch (PatternSyntaxException _) {
        throw Refusals.request("'" + pattern + "' is no pattern of names.");
      }
    }
    return patterns;
  }

  private static Rule rule(JsonNode json) {
    String type = new Body(json).requireText("type");
    for (Rule rule : Rule.values()) {
      if (type(rule).equals(type)) {
        return rule;
      }
    }
    throw Refusals.request("The rule '" + type + "' is not known here.");
  }

  private static String type(Rule rule) {
    return rule.name().toLowerCase(Locale.ROOT);
  }

  private void delete(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "administration");
    protections.remove(repository.id(), find(repository, call));
    call.noContent();
  }

  private ObjectNode summary(Repository repository, Ruleset ruleset) {
    return Json.object()
        .put("id", ruleset.id())
        .put("name", ruleset.name())
        .put("target", "branch")
        .put("source_type", "Repository")
        .put("source", repository.fullName())
        .put("enforcement", ruleset.active() ? "active" : "disabled")
        .put("node_id", Json.nodeId("RRS", ruleset.id()))
        .set(
            "_links",
            Json.object()
                .set("self", link(urls.api(path(repository, ruleset))))
                .set(
                    "html",
                    link(urls.html("/" + repository.fullName() + "/rules/" + ruleset.id()))))
        .put("created_at", Json.time(ruleset.createdAt()))
        .put("updated_at", Json.time(ruleset.createdAt()));
  }

  private static ObjectNode link(String url) {
    return Json.object().put("href", url);
  }

  private static String path(Repository repository, Ruleset ruleset) {
    return "/repos/" + repository.fullName() + "/rulesets/" + ruleset.id();
  }

  private ObjectNode json(Repository repository, Ruleset ruleset) {
    return summary(repository, ruleset)
        .set(
            "conditions",
            Json.object()
                .set(
                    "ref_name",
                    Json.object()
                        .set("include", Json.texts(ruleset.include()))
                        .set("exclude", Json.texts(ruleset.exclude()))))
        .set("rules", Json.array(ruleset.rules(), rule -> Json.object().put("type", type(rule))))
        .set("bypass_actors", Json.array())
        .put("current_user_can_bypass", "never");
  }
}
