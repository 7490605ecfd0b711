package dev.slipway.localgithub.content;

import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.Diffs;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.repository.CommitJson;
import dev.slipway.localgithub.repository.DiffJson;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about commits and how they differ.
public final class CommitRoutes {
  private static final int MOST = 10_000;
  private static final int MOST_COMPARED = 250;

  /// What a commit without a parent differs from.
  private static final String EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

  private final Repositories repositories;
  private final Urls urls;
  private final CommitJson json;
  private final DiffJson diffs;

  public CommitRoutes(Repositories repositories, Urls urls) {
    this.repositories = repositories;
    this.urls = urls;
    json = new CommitJson(urls);
    diffs = new DiffJson(urls);
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET /repos/{owner}/{repo}/commits", this::list)
            .on("GET /repos/{owner}/{repo}/commits/{ref*}", this::show)
            .on("GET /repos/{owner}/{repo}/compare/{basehead*}", this::compare)
            .on("GET /repos/{owner}/{repo}/git/commits/{sha}", this::git);
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, "contents");
    return repository;
  }

  private void list(Call call) throws IOException {
    Repository repository = readable(call);
    GitRepository git = repositories.git(repository);
    if (git.refs("refs/").isEmpty()) {
      throw new RefusedException(409, "Git Repository is empty.");
    }
    String sha =
        git.commit(call.query("sha").orElse(repository.defaultBranch()))
            .orElseThrow(Refusals::notFound);
    Commits commits = new Commits(git);
    call.page(
        call.query("path")
            .map(path -> commits.historyOf(sha, path, 0, MOST))
            .orElseGet(() -> commits.history(sha, 0, MOST)),
        commit -> json.json(repository, commit));
  }

  private void show(Call call) throws IOException {
    Repository repository = readable(call);
    GitRepository git = repositories.git(repository);
    String ref = call.parameter("ref");
    Commit commit =
        new Commits(git)
            .find(ref)
            .orElseThrow(() -> new RefusedException(422, "No commit found for SHA: " + ref));
    String before = commit.parents().isEmpty() ? EMPTY_TREE : commit.parents().getFirst();
    List<Diffs.Change> changes = new Diffs(git).between(before, commit.sha(), true);
    int additions = changes.stream().mapToInt(Diffs.Change::additions).sum();
    int deletions = changes.stream().mapToInt(Diffs.Change::deletions).sum();
    call.answer(
        200,
        json.json(repository, commit)
            .set(
                "stats",
                Json.object()
                    .put("total", additions + deletions)
                    .put("additions", additions)
                    .put("deletions", deletions))
            .set(
                "files",
                Json.array(changes, change -> diffs.json(repository, commit.sha(), change))));
  }

  private void compare(Call call) throws IOException {
    Repository repository = readable(call);
    String[] sides = call.parameter("basehead").split("\\.\\.\\.", -1);
    if (sides.length != 2) {
      throw Refusals.notFound();
    }
    GitRepository git = repositories.git(repository);
    Commits commits = new Commits(git);
    Commit base = commits.find(sides[0]).orElseThrow(Refusals::notFound);
    Commit head = commits.find(sides[1]).orElseThrow(Refusals::notFound);
    String fork = commits.mergeBase(base.sha(), head.sha()).orElseThrow(Refusals::notFound);
    if (wantsDiff(call)) {
      call.exchange()
          .answerBytes(
              200,
              "application/vnd.github.diff; charset=utf-8",
              new Diffs(git).text(fork, head.sha()));
      return;
    }
    int ahead = commits.count(base.sha(), head.sha());
    int behind = commits.count(head.sha(), base.sha());
    String path = "/compare/" + call.parameter("basehead");
    String html = new RepositoryJson(urls).html(repository) + path;
    ObjectNode answer =
        Json.object()
            .put("url", new RepositoryJson(urls).url(repository) + path)
            .put("html_url", html)
            .put("permalink_url", html)
            .put("diff_url", html + ".diff")
            .put("patch_url", html + ".patch")
            .set("base_commit", json.json(repository, base))
            .set(
                "merge_base_commit",
                json.json(repository, commits.find(fork).orElseThrow(Refusals::notFound)))
            .put("status", status(ahead, behind))
            .put("ahead_by", ahead)
            .put("behind_by", behind)
            .put("total_commits", ahead);
    call.answer(
        200,
        answer
            .set(
                "commits",
                Json.array(
                    commits.between(base.sha(), head.sha(), MOST_COMPARED),
                    commit -> json.json(repository, commit)))
            .set(
                "files",
                Json.array(
                    new Diffs(git).between(fork, head.sha(), true),
                    change -> diffs.json(repository, head.sha(), change))));
  }

  /// GitHub's media types may name a version, and leave out `application`'s parameters.
  private static boolean wantsDiff(Call call) {
    return call.exchange()
        .header("Accept")
        .filter(accept -> accept.matches("application/vnd\\.github\\.(v3\\.)?diff( *[;,].*)?"))
        .isPresent();
  }

  private static String status(int ahead, int behind) {
    if (ahead > 0) {
      return behind > 0 ? "diverged" : "ahead";
    }
    return behind > 0 ? "behind" : "identical";
  }

  private void git(Call call) throws IOException {
    Repository repository = readable(call);
    Commit commit =
        new Commits(repositories.git(repository))
            .find(call.parameter("sha"))
            .orElseThrow(Refusals::notFound);
    call.answer(200, json.git(repository, commit));
  }
}
