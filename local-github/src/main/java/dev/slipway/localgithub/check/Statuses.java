package dev.slipway.localgithub.check;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.repository.CommitJson;
import dev.slipway.localgithub.repository.Events;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import dev.slipway.localgithub.repository.Site;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Statuses of commits, and what is answered about them.
public final class Statuses {
  private static final Set<String> STATES = Set.of("error", "failure", "pending", "success");
  private static final String BRANCHES = "refs/heads/";
  private static final int MOST = 1_000;
  private static final int MOST_BRANCHES = 10;

  private final Documents<CommitStatus> all;
  private final Store store;
  private final Repositories repositories;
  private final Events events;
  private final Urls urls;
  private final Clock clock;

  public Statuses(Site site) {
    store = site.store();
    repositories = site.repositories();
    events = site.events();
    urls = site.urls();
    clock = site.clock();
    all = store.documents("status", CommitStatus.class);
  }

  public void addTo(Api api) {
    Api _ =
        api.on("POST /repos/{owner}/{repo}/statuses/{sha}", this::create)
            .on("GET /repos/{owner}/{repo}/commits/{ref*}/statuses", this::list)
            .on("GET /repos/{owner}/{repo}/commits/{ref*}/status", this::combined);
  }

  private List<CommitStatus> of(Repository repository, String sha) {
    return all.of(repository.id()).reversed().stream()
        .filter(status -> status.sha().equals(sha))
        .toList();
  }

  /// The newest state of each context.
  public Map<String, String> states(Repository repository, String sha) {
    Map<String, String> states = new LinkedHashMap<>();
    of(repository, sha).forEach(status -> states.putIfAbsent(status.context(), status.state()));
    return states;
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "statuses");
    Body body = call.body();
    String state = body.requireText("state");
    if (!STATES.contains(state)) {
      throw Refusals.invalid("Status", "state", "invalid");
    }
    String sha = call.parameter("sha");
    Commit commit =
        new Commits(repositories.git(repository))
            .find(sha)
            .filter(found -> found.sha().equals(sha))
            .orElseThrow(() -> Refusals.custom("Status", "No commit found for SHA: " + sha));
    String context = body.text("context").orElse("default");
    CommitStatus made =
        repositories.locked(
            repository.id(),
            () -> {
              long present =
                  of(repository, sha).stream()
                      .filter(status -> status.context().equals(context))
                      .count();
              if (present >= MOST) {
                throw Refusals.custom(
                    "Status", "This SHA and context has reached the maximum number of statuses.");
              }
              CommitStatus status =
                  new CommitStatus(
                      store.nextId(),
                      sha,
                      state,
                      context,
                      body.text("description").orElse(null),
                      body.text("target_url").orElse(null),
                      call.caller().account(),
                      clock.instant());
              all.put(new Key(repository.id(), status.id()), status);
              return status;
            });
    events.emit(
        repository, call.caller().account(), "status", null, payload(repository, commit, made));
    call.answer(201, json(repository, made));
  }

  private ObjectNode payload(Repository repository, Commit commit, CommitStatus status) {
    ArrayNode branches = Json.array();
    GitRepository git = repositories.git(repository);
    git.refsWith(BRANCHES, commit.sha(), MOST_BRANCHES)
        .forEach(ref ->
            branches.add(
                Json.object()
                    .put("name", ref.name().substring(BRANCHES.length()))
                    .set(
                        "commit",
                        Json.object()
                            .put("sha", ref.sha())
                            .put(
                                "url",
                                urls.api(
                                    "/repos/" + repository.fullName() + "/commits/" + ref.sha())))
                    .put("protected", false)));
    return Json.object()
        .put("id", status.id())
        .put("sha", status.sha())
        .put("name", repository.fullName())
        .put("target_url", status.targetUrl())
        .put("avatar_url", status.creator().json(urls).path("avatar_url").asString())
        .put("context", status.context())
        .put("description", status.description())
        .put("state", status.state())
        .set("commit", new CommitJson(urls).json(repository, commit))
        .set("branches", branches)
        .put("created_at", Json.time(status.at()))
        .put("updated_at", Json.time(status.at()));
  }

  private ObjectNode json(Repository repository, CommitStatus status) {
    return Json.object()
        .put("url", urls.api("/repos/" + repository.fullName() + "/statuses/" + status.sha()))
        .put("avatar_url", status.creator().json(urls).path("avatar_url").asString())
        .put("id", status.id())
        .put("node_id", Json.nodeId("Status", status.id()))
        .put("state", status.state())
        .put("description", status.description())
        .put("target_url", status.targetUrl())
        .put("context", status.context())
        .put("created_at", Json.time(status.at()))
        .put("updated_at", Json.time(status.at()))
        .set("creator", status.creator().json(urls));
  }

  private String requireCommit(Repository repository, Call call) {
    call.caller().require(false, "statuses");
    return repositories
        .git(repository)
        .commit(call.parameter("ref"))
        .orElseThrow(Refusals::notFound);
  }

  private void list(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.page(of(repository, requireCommit(repository, call)), status -> json(repository, status));
  }

  private void combined(Call call) throws IOException {
    Repository repository = repositories.require(call);
    String sha = requireCommit(repository, call);
    Map<String, CommitStatus> newest = new LinkedHashMap<>();
    of(repository, sha).forEach(status -> newest.putIfAbsent(status.context(), status));
    Set<String> states = Set.copyOf(states(repository, sha).values());
    String commit = urls.api("/repos/" + repository.fullName() + "/commits/" + sha);
    ObjectNode json = Json.object().put("state", together(states));
    json.set(
        "statuses",
        Json.array(call.pageOf(List.copyOf(newest.values())), status -> json(repository, status)));
    call.answer(
        200,
        json.put("sha", sha)
            .put("total_count", newest.size())
            .set("repository", new RepositoryJson(urls).json(repository))
            .put("commit_url", commit)
            .put("url", commit + "/status"));
  }

  private static String together(Set<String> states) {
    if (states.contains("failure") || states.contains("error")) {
      return "failure";
    }
    return states.equals(Set.of("success")) ? "success" : "pending";
  }
}
