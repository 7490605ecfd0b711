package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.Diffs;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.repository.CommitJson;
import dev.slipway.localgithub.repository.DiffJson;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about pull requests.
public final class PullRoutes {
  static final String PULLS = "pull_requests";
  private static final String ONE = "/repos/{owner}/{repo}/pulls/{number}";

  /// GitHub lists no more of one.
  private static final int MOST_COMMITS = 250;

  private static final int MOST_FILES = 3_000;
  private static final int MOST_HEADS = 10_000;

  private final PullRequests pulls;
  private final Repositories repositories;
  private final Opening opening;
  private final Changing changing;
  private final Merging merging;
  private final PullJson json;

  public PullRoutes(
      PullRequests pulls,
      Repositories repositories,
      Opening opening,
      Changing changing,
      Merging merging,
      PullJson json) {
    this.pulls = pulls;
    this.repositories = repositories;
    this.opening = opening;
    this.changing = changing;
    this.merging = merging;
    this.json = json;
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET /repos/{owner}/{repo}/pulls", this::list)
            .on("POST /repos/{owner}/{repo}/pulls", this::create)
            .on("GET " + ONE, this::show)
            .on("PATCH " + ONE, this::change)
            .on("GET " + ONE + "/merge", this::isMerged)
            .on("PUT " + ONE + "/merge", this::merge)
            .on("PUT " + ONE + "/update-branch", this::updateBranch)
            .on("GET " + ONE + "/files", this::files)
            .on("GET " + ONE + "/commits", this::commits)
            .on("GET /repos/{owner}/{repo}/commits/{sha}/pulls", this::ofCommit);
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, PULLS);
    return repository;
  }

  private void list(Call call) throws IOException {
    Repository repository = readable(call);
    call.page(
        PullQuery.of(call).select(pulls.of(repository), repository),
        pull -> json.simple(repository, pull));
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PULLS);
    PullRequest opened = opening.open(repository, call.body(), call.caller());
    call.exchange().set("Location", json.url(repository, opened));
    call.answer(201, json.full(repository, opened));
  }

  private void show(Call call) throws IOException {
    Repository repository = readable(call);
    PullRequest pull = pulls.require(repository, call);
    ObjectNode answer = json.full(repository, pull);
    merging.look(repository, pull);
    call.answer(200, answer);
  }

  private void change(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PULLS);
    PullRequest pull = pulls.require(repository, call);
    call.answer(
        200,
        json.full(
            repository, changing.change(repository, pull, call.body(), call.caller().account())));
  }

  private void isMerged(Call call) throws IOException {
    if (!pulls.require(readable(call), call).isMerged()) {
      throw Refusals.notFound();
    }
    call.noContent();
  }

  private void merge(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, "contents");
    PullRequest pull = pulls.require(repository, call);
    String sha = merging.merge(repository, pull, call.body(), call.caller());
    call.answer(
        200,
        Json.object()
            .put("sha", sha)
            .put("merged", true)
            .put("message", "Pull Request successfully merged"));
  }

  private void updateBranch(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PULLS);
    PullRequest pull = pulls.require(repository, call);
    Body body = call.body();
    merging.updateBranch(repository, pull, body.text("expected_head_sha"), call.caller());
    call.answer(
        202,
        Json.object()
            .put("message", "Updating pull request branch.")
            .put("url", json.url(repository, pull)));
  }

  private void files(Call call) throws IOException {
    Repository repository = readable(call);
    PullRequest pull = pulls.require(repository, call);
    GitRepository git = repositories.git(repository);
    List<Diffs.Change> changes =
        new Commits(git)
            .mergeBase(pull.base().sha(), pull.head().sha())
            .map(base -> new Diffs(git).between(base, pull.head().sha(), true))
            .orElseGet(List::of);
    DiffJson diffs = new DiffJson(call.urls());
    call.page(
        changes.subList(0, Math.min(MOST_FILES, changes.size())),
        change -> diffs.json(repository, pull.head().sha(), change));
  }

  private void commits(Call call) throws IOException {
    Repository repository = readable(call);
    PullRequest pull = pulls.require(repository, call);
    List<Commit> commits =
        new Commits(repositories.git(repository))
            .between(pull.base().sha(), pull.head().sha(), MOST_COMMITS);
    CommitJson commitJson = new CommitJson(call.urls());
    call.page(commits, commit -> commitJson.json(repository, commit));
  }

  private void ofCommit(Call call) throws IOException {
    Repository repository = readable(call);
    GitRepository git = repositories.git(repository);
    String sha = git.commit(call.parameter("sha")).orElseThrow(Refusals::notFound);
    Set<String> heads =
        git.refsWith("refs/pull/", sha, MOST_HEADS).stream()
            .map(GitRepository.Ref::name)
            .collect(Collectors.toSet());
    call.page(
        pulls.of(repository).stream()
            .filter(pull ->
                sha.equals(pull.ending().sha())
                    || (heads.contains(pull.headRef()) && !git.isAncestor(sha, pull.base().sha())))
            .toList(),
        pull -> json.simple(repository, pull));
  }
}
