package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What goes wrong on the way of a task, and that it has one pull request all the same. Sandboxes
/// and GitHub are processes of their own, so that the installation is killed without them.
@Tag("slow")
class TaskAccidentsIT {
  private static final String CREATE = "POST /repos/{owner}/{repo}/pulls";
  private static final String CREATE_RULE = "POST /repos/*/*/pulls";
  private static final String PUSH_RULE = "POST /*/*/git-receive-pack";

  // CONFINED: to the thread of the tests, as all that follow
  private static Slipway slipway;
  private static GitHubDouble gitHub;
  private static Tasks tasks;
  private static Service installation;
  private static URI e2b;

  @BeforeAll
  static void start() {
    slipway = Slipway.fresh();
    Service _ = slipway.localE2b();
    Service _ = slipway.start("run", "local-github").awaitReady(Slipway.START);
    e2b = URI.create(slipway.endpoints().path("e2b").asString());
    slipway
        .with("E2B_API_URL", e2b.toString())
        .with("E2B_SANDBOX_URL", e2b.toString())
        .with("E2B_API_KEY", slipway.file("e2b-api-key"))
        .with("GITHUB_API_URL", slipway.endpoints().path("github").asString())
        .with("GITHUB_TOKEN", slipway.file("github-token"))
        // a busy machine is no error
        .with("SLIPWAY_DATABASE_ACQUIRE_TIMEOUT", "30s")
        .with("SLIPWAY_TASK_MIN_BACKOFF", "500ms")
        .with("SLIPWAY_GITHUB_BUDGET_SPACING", "0s");
    gitHub = GitHubDouble.of(slipway);
    installation = slipway.up();
    tasks = new Tasks(slipway.api());
  }

  @AfterAll
  static void stop() {
    slipway.close();
  }

  @AfterEach
  void mend() {
    gitHub.faults();
    sandboxFaults();
  }

  /// A repository whose webhooks come to the installation.
  private static String connected(String name) {
    String repository = gitHub.repository(name);
    String _ =
        slipway
            .command(
                "github",
                "connect",
                "slipway/" + name,
                "--webhook-url",
                slipway.url() + "/webhooks/github")
            .succeeded();
    return repository;
  }

  private static Map<String, ?> rule(String match, String kind, int delayMillis) {
    return Map.of("match", match, "kind", kind, "delay_ms", delayMillis, "times", 1);
  }

  private static void sandboxFaults(Map<?, ?>... rules) {
    Answer set =
        Http.send(
            HttpRequest.newBuilder(e2b.resolve("/_slipway/faults"))
                .header("X-API-Key", slipway.file("e2b-api-key"))
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString(
                        JsonMapper.shared().writeValueAsString(Map.of("rules", List.of(rules)))))
                .build());
    assertThat(set.status()).as(set.body()).isBetween(200, 204);
  }

  @Test
  void aStallBetweenLookUpAndCreateWithASquashMergeInBetweenLeavesOnePullRequest() {
    String repository = connected("stalled");
    gitHub.faults(rule(CREATE_RULE, "delay", 12_000));
    int before = gitHub.calls(CREATE);
    String id = tasks.create(Tasks.of(repository, "echo stalled >> README.md"));
    gitHub.awaitCall(CREATE, before);

    long first =
        gitHub
            .send(
                "POST",
                "/repos/slipway/stalled/pulls",
                Map.of("title", "Quicker", "head", "slipway/" + id, "base", "main"))
            .is(201)
            .json()
            .path("number")
            .asLong();
    Answer _ = gitHub.merge("stalled", first, "squash").is(200);

    JsonNode done = tasks.await(id, "DONE");
    assertThat(done.at("/pull_request/number").asLong()).isEqualTo(first);
    await("the late one to be there, and closed")
        .atMost(Tasks.SOON)
        .until(
            () -> gitHub.pullRequests("stalled"),
            all ->
                all.size() == 2
                    && all.valueStream()
                        .allMatch(one -> one.path("state").asString().equals("closed")));
    assertThat(gitHub.pullRequests("stalled").valueStream())
        .filteredOn(one -> !one.path("merged_at").isNull())
        .extracting(one -> one.path("number").asLong())
        .containsExactly(first);
    assertThat(tasks.get(id).at("/pull_request/number").asLong()).isEqualTo(first);
  }

  @Test
  void aForksPullRequestNamedAfterATaskLeavesItUntouched() {
    String repository = connected("forked");
    Answer _ =
        gitHub
            .send("POST", "/repos/slipway/forked/forks", Map.of("organization", "strangers"))
            .is(202);
    String id = tasks.create(Tasks.of(repository, "echo ours >> README.md"));
    JsonNode reviewed = tasks.await(id, "IN_REVIEW");
    long theirs = pullRequestOfFork("slipway/" + id);

    Answer _ = gitHub.merge("forked", theirs, "merge").is(200);

    await("the webhook of the merge")
        .atMost(Tasks.SOON)
        .until(
            () -> slipway.api().get("/api/v1/pull-requests/slipway/forked/" + theirs),
            answer ->
                answer.status() == 200 && answer.json().path("state").asString().equals("MERGED"));
    JsonNode now = tasks.get(id);
    assertThat(now.path("state").asString()).isEqualTo("IN_REVIEW");
    assertThat(now.at("/pull_request/number")).isEqualTo(reviewed.at("/pull_request/number"));
    assertThat(
            slipway
                .api()
                .get("/api/v1/pull-requests/slipway/forked/" + theirs)
                .json()
                .path("task_id")
                .isNull())
        .isTrue();
  }

  /// A pull request of nothing but what strangers did.
  private static long pullRequestOfFork(String head) {
    String fork = "/repos/strangers/forked";
    String main =
        gitHub
            .send("GET", fork + "/git/ref/heads/main", null)
            .is(200)
            .json()
            .at("/object/sha")
            .asString();
    Answer _ =
        gitHub
            .send("POST", fork + "/git/refs", Map.of("ref", "refs/heads/" + head, "sha", main))
            .is(201);
    Answer _ =
        gitHub
            .send(
                "PUT",
                fork + "/contents/theirs.txt",
                Map.of("message", "Theirs", "content", "YQ==", "branch", head))
            .is(201);
    return gitHub
        .send(
            "POST",
            "/repos/slipway/forked/pulls",
            Map.of("title", "Theirs", "head", "strangers:" + head, "base", "main"))
        .is(201)
        .json()
        .path("number")
        .asLong();
  }

  @Test
  void aSandboxLostAfterThePushAdoptsTheBranchWithoutRunningTheWorkAgain() {
    String repository = connected("lost");
    gitHub.faults(rule(PUSH_RULE, "drop_answer", 0));
    String id = tasks.create(Tasks.of(repository, "echo lost >> README.md"));
    JsonNode pushing = tasks.awaitStep(id, "PUSHING");
    await("the branch")
        .atMost(Tasks.SOON)
        .until(() ->
            gitHub.send("GET", "/repos/slipway/lost/git/ref/heads/slipway/" + id, null).status()
                == 200);
    JsonNode sandbox = new Sandboxes(slipway.api()).get(pushing.path("sandbox_id").asString());

    endAtProvider(sandbox.path("external_id").asString());

    JsonNode reviewed = tasks.await(id, "IN_REVIEW");
    assertThat(slipway.api().list("/api/v1/sandboxes?limit=200&task_id=" + id)).hasSize(1);
    assertThat(reviewed.path("head_sha")).isEqualTo(gitHub.pullRequests("lost").at("/0/head/sha"));
  }

  private static void endAtProvider(String externalId) {
    Answer ended =
        Http.send(
            HttpRequest.newBuilder(e2b.resolve("/sandboxes/" + externalId))
                .header("X-API-Key", slipway.file("e2b-api-key"))
                .DELETE()
                .build());
    assertThat(ended.status()).isEqualTo(204);
  }

  @Test
  void aMergeBeforeTheCreatesOutcomeEndsDone() {
    String repository = connected("early");
    gitHub.faults(rule(CREATE_RULE, "drop_answer", 0));
    String id = tasks.create(Tasks.of(repository, "echo early >> README.md"));
    JsonNode opened =
        await("the pull request")
            .atMost(Tasks.SOON)
            .until(() -> gitHub.pullRequests("early"), all -> !all.isEmpty())
            .get(0);

    Answer _ = gitHub.merge("early", opened.path("number").asLong(), "squash").is(200);

    JsonNode done = tasks.await(id, "DONE");
    assertThat(done.at("/pull_request/number")).isEqualTo(opened.path("number"));
    assertThat(gitHub.pullRequests("early")).hasSize(1);
  }

  @Test
  void cancelWhileTheCreateIsUnderWayLeavesNoOpenPullRequest() {
    String repository = connected("cancelled");
    gitHub.faults(rule(CREATE_RULE, "delay", 3_000));
    int before = gitHub.calls(CREATE);
    String id = tasks.create(Tasks.of(repository, "echo cancelled >> README.md"));
    gitHub.awaitCall(CREATE, before);

    Answer _ = tasks.ask(id, "cancel").is(202);

    assertThat(tasks.await(id, "CANCELLED").path("outcome").asString()).isEqualTo("cancelled");
    await("its pull request to be closed")
        .atMost(Tasks.SOON)
        .until(
            () -> gitHub.pullRequests("cancelled"),
            all -> all.size() == 1 && all.at("/0/state").asString().equals("closed"));
    Answer _ = tasks.ask(id, "retry").isProblem(409, "illegal_state");
  }

  @Test
  void killedWhileGitHubCreatesTheTaskHasOnePullRequest() {
    String repository = connected("killed");
    gitHub.faults(rule(CREATE_RULE, "delay", 4_000));
    int before = gitHub.calls(CREATE);
    String id = tasks.create(Tasks.of(repository, "echo killed >> README.md"));
    gitHub.awaitCall(CREATE, before);

    installation.kill();
    installation = slipway.up();

    JsonNode reviewed = tasks.await(id, "IN_REVIEW");
    assertThat(gitHub.pullRequests("killed")).hasSize(1);
    assertThat(gitHub.pullRequests("killed").at("/0/number"))
        .isEqualTo(reviewed.at("/pull_request/number"));
  }

  @Test
  void whatGitHubForbidsIsSaidAndARetryOpensWhatIsThere() {
    String repository = connected("forbidden");
    gitHub.faults(Map.of("match", CREATE_RULE, "kind", "refuse", "status", 403, "times", 1));
    String id = tasks.create(Tasks.of(repository, "echo forbidden >> README.md"));
    JsonNode failed = tasks.await(id, "FAILED");
    assertThat(failed.at("/failure/code").asString()).isEqualTo("forbidden");
    assertThat(failed.at("/failure/message").asString()).isNotBlank();

    Answer _ = tasks.ask(id, "retry").is(202);

    JsonNode _ = tasks.await(id, "IN_REVIEW");
    assertThat(slipway.api().list("/api/v1/sandboxes?limit=200&task_id=" + id)).hasSize(1);
  }

  @Test
  void aSandboxThatIsNotMadeAtFirstIsMadeAndOneThatCannotBeFailsTheTask() {
    String repository = connected("unmade");
    sandboxFaults(Map.of("match", "POST /sandboxes", "kind", "refuse", "status", 500, "times", 1));
    JsonNode _ = tasks.await(tasks.create(Tasks.of(repository, "date >> README.md")), "IN_REVIEW");

    sandboxFaults(
        Map.of("match", "POST /sandboxes", "kind", "refuse", "status", 401, "times", 100),
        Map.of("match", "POST /v2/sandboxes", "kind", "refuse", "status", 401, "times", 100));
    JsonNode failed =
        tasks.await(tasks.create(Tasks.of(repository, "date >> README.md")), "FAILED");
    assertThat(failed.at("/failure/code").asString()).isEqualTo("auth_failed");
  }

  @Test
  void aRepositoryOrABranchThatIsNotThereFailsTheTask() {
    String repository = connected("there");
    JsonNode noRepository =
        tasks.await(tasks.create(Tasks.of(repository + "-not", "true")), "FAILED");
    assertThat(noRepository.at("/failure/code").asString()).isEqualTo("not_found");

    JsonNode noBranch =
        tasks.await(tasks.create(Tasks.of(repository, "true"), "base_branch", "nowhere"), "FAILED");
    assertThat(noBranch.at("/failure/code").asString()).isIn("not_found", "base_not_found");
    JsonNode sandbox =
        new Sandboxes(slipway.api())
            .awaitState(noBranch.path("sandbox_id").asString(), "TERMINATED");
    assertThat(sandbox.path("kill_reason").asString()).isEqualTo("task_finished");
  }

  @Test
  void aPushThatIsDeclinedFailsTheTask() {
    String repository = connected("declined");
    Answer _ =
        gitHub
            .send(
                "POST",
                "/repos/slipway/declined/rulesets",
                Map.of(
                    "name",
                    "nobody",
                    "target",
                    "branch",
                    "enforcement",
                    "active",
                    "conditions",
                    Map.of(
                        "ref_name",
                        Map.of("include", List.of("refs/heads/slipway/**"), "exclude", List.of())),
                    "rules",
                    List.of(Map.of("type", "creation"))))
            .is(201);

    JsonNode failed =
        tasks.await(tasks.create(Tasks.of(repository, "echo declined >> README.md")), "FAILED");

    assertThat(failed.at("/failure/code").asString()).isEqualTo("push_rejected");
  }

  @Test
  void aTaskThatTakesTooLongFailsAndASandboxWhoseTimeIsOverToo() {
    String repository = connected("slow");
    var tooLong = new HashMap<String, Object>(Tasks.of(repository, "sleep 300"));
    tooLong.put("timeout_seconds", 12);
    var tooShort = new HashMap<String, Object>(Tasks.of(repository, "sleep 300"));
    tooShort.put("sandbox_seconds", 8);
    String first = tasks.create(tooLong);
    String second = tasks.create(tooShort);

    assertThat(tasks.await(first, "FAILED").at("/failure/message").asString())
        .contains("timeout_seconds");
    assertThat(tasks.await(second, "FAILED").at("/failure/message").asString())
        .contains("sandbox_seconds");
  }

  @Test
  void closedReopenedAndMergedItsTaskFollows() {
    String repository = connected("reopened");
    String id = tasks.create(Tasks.of(repository, "echo reopened >> README.md"));
    long number = tasks.await(id, "IN_REVIEW").at("/pull_request/number").asLong();
    Answer _ = gitHub.close("reopened", number).is(200);
    assertThat(tasks.await(id, "CLOSED").path("outcome").asString()).isEqualTo("closed");

    Answer _ =
        gitHub
            .send("PATCH", "/repos/slipway/reopened/pulls/" + number, Map.of("state", "open"))
            .is(200);
    JsonNode _ = tasks.await(id, "IN_REVIEW");
    Answer _ = gitHub.merge("reopened", number, "rebase").is(200);
    assertThat(tasks.await(id, "DONE").path("outcome").asString()).isEqualTo("merged");
  }
}
