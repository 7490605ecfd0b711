package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.GitRepository.Ref;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about branches and how they are protected.
public final class BranchRoutes {
  private static final String BRANCH = "/repos/{owner}/{repo}/branches/{branch*}";

  private final Repositories repositories;
  private final Protections protections;
  private final Urls urls;

  public BranchRoutes(Repositories repositories, Protections protections, Urls urls) {
    this.repositories = repositories;
    this.protections = protections;
    this.urls = urls;
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET /repos/{owner}/{repo}/branches", this::list)
            .on("GET " + BRANCH + "/protection", this::protection)
            .on("PUT " + BRANCH + "/protection", this::protect)
            .on("DELETE " + BRANCH + "/protection", this::release)
            .on("GET " + BRANCH, this::show);
  }

  private void list(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(false, "contents");
    Optional<Boolean> wanted = call.query("protected").map(Boolean::parseBoolean);
    List<Ref> branches =
        repositories.git(repository).refs(Protections.BRANCHES).stream()
            .filter(ref -> wanted.isEmpty() || wanted.get() == isProtected(repository, name(ref)))
            .toList();
    call.page(branches, ref -> json(repository, name(ref), commit(repository, ref.sha())));
  }

  private static String name(Ref ref) {
    return ref.name().substring(Protections.BRANCHES.length());
  }

  private boolean isProtected(Repository repository, String branch) {
    return protections.find(repository.id(), branch).isPresent();
  }

  private ObjectNode commit(Repository repository, String sha) {
    return Json.object()
        .put("sha", sha)
        .put("url", urls.api("/repos/" + repository.fullName() + "/commits/" + sha));
  }

  private ObjectNode json(Repository repository, String branch, JsonNode commit) {
    return Json.object()
        .put("name", branch)
        .set("commit", commit)
        .put("protected", isProtected(repository, branch));
  }

  private String requireBranch(Repository repository, Call call) {
    String branch = call.parameter("branch");
    if (repositories.git(repository).branch(branch).isEmpty()) {
      throw new RefusedException(404, "Branch not found");
    }
    return branch;
  }

  private void show(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(false, "contents");
    String branch = requireBranch(repository, call);
    Commit tip =
        new Commits(repositories.git(repository))
            .find(Protections.BRANCHES + branch)
            .orElseThrow(Refusals::notFound);
    String url = url(repository, branch);
    call.answer(
        200,
        json(repository, branch, new CommitJson(urls).json(repository, tip))
            .set(
                "_links",
                Json.object()
                    .put("self", url)
                    .put("html", urls.html("/" + repository.fullName() + "/tree/" + branch)))
            .set(
                "protection",
                Json.object()
                    .put("enabled", isProtected(repository, branch))
                    .set(
                        "required_status_checks",
                        Json.object()
                            .put("enforcement_level", "off")
                            .set("contexts", Json.array())
                            .set("checks", Json.array())))
            .put("protection_url", url + "/protection"));
  }

  private String url(Repository repository, String branch) {
    return urls.api("/repos/" + repository.fullName() + "/branches/" + branch);
  }

  private void protection(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(false, "administration");
    String branch = requireBranch(repository, call);
    Protection found =
        protections
            .find(repository.id(), branch)
            .orElseThrow(() -> new RefusedException(404, "Branch not protected"));
    call.answer(200, json(repository, found));
  }

  private void protect(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "administration");
    String branch = requireBranch(repository, call);
    Body body = call.body();
    for (String field :
        List.of(
            "required_status_checks",
            "enforce_admins",
            "required_pull_request_reviews",
            "restrictions")) {
      if (!body.names(field)) {
        throw Body.missing(field);
      }
    }
    Optional<Body> reviews = body.object("required_pull_request_reviews");
    Optional<Body> checks = body.object("required_status_checks");
    boolean restricted = body.object("restrictions").isPresent();
    Protection made =
        repositories.locked(
            repository.id(),
            () ->
                protections.put(
                    repository.id(),
                    branch,
                    id ->
                        new Protection(
                            id,
                            branch,
                            reviews.map(BranchRoutes::approvals).orElse(null),
                            reviews
                                .flatMap(each -> each.flag("dismiss_stale_reviews"))
                                .orElse(false),
                            checks.map(BranchRoutes::contexts).orElse(null),
                            checks.flatMap(each -> each.flag("strict")).orElse(false),
                            body.flag("enforce_admins").orElse(false),
                            restricted,
                            body.flag("required_linear_history").orElse(false),
                            body.flag("allow_force_pushes").orElse(false),
                            body.flag("allow_deletions").orElse(false),
                            body.flag("lock_branch").orElse(false),
                            body.flag("required_conversation_resolution").orElse(false))));
    call.answer(200, json(repository, made));
  }

  private static int approvals(Body reviews) {
    long count = reviews.number("required_approving_review_count").orElse(1L);
    if (count < 0 || count > 6) {
      throw Refusals.request(
          "For 'properties/required_approving_review_count', " + count + " is not from 0 to 6.");
    }
    return (int) count;
  }

  private static List<String> contexts(Body checks) {
    return checks
        .texts("contexts")
        .filter(contexts -> !contexts.isEmpty())
        .orElseGet(() ->
            checks.items("checks").orElseGet(List::of).stream()
                .map(each -> new Body(each).requireText("context"))
                .toList());
  }

  private void release(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "administration");
    String branch = requireBranch(repository, call);
    if (!repositories.locked(repository.id(), () -> protections.remove(repository.id(), branch))) {
      throw new RefusedException(404, "Branch not protected");
    }
    call.noContent();
  }

  private ObjectNode json(Repository repository, Protection protection) {
    String url = url(repository, protection.branch()) + "/protection";
    ObjectNode json = Json.object().put("url", url);
    if (protection.checks() != null) {
      json.set("required_status_checks", checks(protection, url + "/required_status_checks"));
    }
    if (protection.reviews() != null) {
      json.set(
          "required_pull_request_reviews",
          Json.object()
              .put("url", url + "/required_pull_request_reviews")
              .put("dismiss_stale_reviews", protection.dismissesStale())
              .put("require_code_owner_reviews", false)
              .put("require_last_push_approval", false)
              .put("required_approving_review_count", protection.reviews()));
    }
    if (protection.restricted()) {
      String restrictions = url + "/restrictions";
      json.set(
          "restrictions",
          Json.object()
              .put("url", restrictions)
              .put("users_url", restrictions + "/users")
              .put("teams_url", restrictions + "/teams")
              .put("apps_url", restrictions + "/apps")
              .set("users", Json.array())
              .set("teams", Json.array())
              .set("apps", Json.array()));
    }
    return json.set(
            "enforce_admins",
            enabled(protection.enforcesAdmins()).put("url", url + "/enforce_admins"))
        .set("required_linear_history", enabled(protection.linear()))
        .set("allow_force_pushes", enabled(protection.takesForce()))
        .set("allow_deletions", enabled(protection.takesDeletion()))
        .set("block_creations", enabled(false))
        .set("required_conversation_resolution", enabled(protection.conversations()))
        .set("lock_branch", enabled(protection.locked()))
        .set("allow_fork_syncing", enabled(false));
  }

  private static ObjectNode checks(Protection protection, String url) {
    List<String> contexts = Optional.ofNullable(protection.checks()).orElseGet(List::of);
    return Json.object()
        .put("url", url)
        .put("strict", protection.strict())
        .set("contexts", Json.texts(contexts))
        .put("contexts_url", url + "/contexts")
        .set(
            "checks",
            Json.array(contexts, each -> Json.object().put("context", each).putNull("app_id")));
  }

  private static ObjectNode enabled(boolean enabled) {
    return Json.object().put("enabled", enabled);
  }
}
