package dev.slipway.localgithub.check;

import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.app.App;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.pull.PullRequest;
import dev.slipway.localgithub.pull.PullRequests;
import dev.slipway.localgithub.repository.CommitJson;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.RepositoryJson;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Check runs and suites as GitHub writes them.
public final class CheckJson {
  private final Repositories repositories;
  private final PullRequests pulls;
  private final Urls urls;
  private final RepositoryJson repositoryJson;

  public CheckJson(Repositories repositories, PullRequests pulls, Urls urls) {
    this.repositories = repositories;
    this.pulls = pulls;
    this.urls = urls;
    repositoryJson = new RepositoryJson(urls);
  }

  ObjectNode run(Repository repository, CheckRun run) {
    String url = repositoryJson.url(repository) + "/check-runs/" + run.id();
    String html = repositoryJson.html(repository) + "/runs/" + run.id();
    return Json.object()
        .put("id", run.id())
        .put("name", run.name())
        .put("node_id", Json.nodeId("CheckRun", run.id()))
        .put("head_sha", run.sha())
        .put("external_id", Optional.ofNullable(run.externalId()).orElse(""))
        .put("url", url)
        .put("html_url", html)
        .put("details_url", Optional.ofNullable(run.detailsUrl()).orElse(html))
        .put("status", run.status())
        .put("conclusion", run.conclusion())
        .put("started_at", Json.time(run.startedAt()))
        .put("completed_at", Json.time(run.completedAt()))
        .set(
            "output",
            Json.object()
                .put("title", run.title())
                .put("summary", run.summary())
                .put("text", run.text())
                .put("annotations_count", 0)
                .put("annotations_url", url + "/annotations"))
        .set("check_suite", Json.object().put("id", run.suite()))
        .set("app", App.json(urls))
        .set("pull_requests", pulls(repository, run.sha()));
  }

  /// The open pull requests whose head a commit is.
  private ArrayNode pulls(Repository repository, String sha) {
    return Json.array(
        pulls.openOf(repository).stream().filter(pull -> pull.head().sha().equals(sha)).toList(),
        pull ->
            Json.object()
                .put("url", repositoryJson.url(repository) + "/pulls/" + pull.number())
                .put("id", pull.identity().id())
                .put("number", pull.number())
                .set("head", branch(repository, pull.head()))
                .set("base", branch(repository, pull.base())));
  }

  private ObjectNode branch(Repository repository, PullRequest.Branch branch) {
    return Json.object()
        .put("ref", branch.ref())
        .put("sha", branch.sha())
        .set(
            "repo",
            Json.object()
                .put("id", repository.id())
                .put("url", repositoryJson.url(repository))
                .put("name", repository.name()));
  }

  /// @param runs all of it, one at least
  ObjectNode suite(Repository repository, List<CheckRun> runs) {
    CheckRun first = runs.getFirst();
    boolean completed = runs.stream().allMatch(CheckRun::isCompleted);
    String url = repositoryJson.url(repository) + "/check-suites/" + first.suite();
    Commit commit = new Commits(repositories.git(repository)).find(first.sha()).orElseThrow();
    Instant started =
        runs.stream().map(CheckRun::startedAt).min(Comparator.naturalOrder()).orElseThrow();
    String branch =
        pulls.openOf(repository).stream()
            .filter(pull -> pull.head().sha().equals(first.sha()))
            .map(pull -> pull.head().ref())
            .findFirst()
            .orElse(null);
    return Json.object()
        .put("id", first.suite())
        .put("node_id", Json.nodeId("CheckSuite", first.suite()))
        .put("head_branch", branch)
        .put("head_sha", first.sha())
        .put("status", completed ? "completed" : "in_progress")
        .put("conclusion", completed ? conclusion(runs) : null)
        .put("url", url)
        .put("before", "0".repeat(40))
        .put("after", first.sha())
        .set("pull_requests", pulls(repository, first.sha()))
        .set("app", App.json(urls))
        .set("repository", repositoryJson.json(repository))
        .put("created_at", Json.time(started))
        .put("updated_at", Json.time(started))
        .put("latest_check_runs_count", runs.size())
        .put("check_runs_url", url + "/check-runs")
        .set(
            "head_commit",
            Json.object()
                .put("id", commit.sha())
                .put("tree_id", commit.tree())
                .put("message", commit.message())
                .put("timestamp", Json.time(commit.committer().at()))
                .set("author", CommitJson.person(commit.author()))
                .set("committer", CommitJson.person(commit.committer())));
  }

  private static String conclusion(List<CheckRun> runs) {
    for (String worst :
        List.of("failure", "timed_out", "action_required", "cancelled", "success", "neutral")) {
      if (runs.stream().anyMatch(run -> worst.equals(run.conclusion()))) {
        return worst;
      }
    }
    return "skipped";
  }
}
