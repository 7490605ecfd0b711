package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A repository of the local GitHub goes into a sandbox, and what was done there comes back as a
/// merged pull request. Sandboxes and GitHub are processes of their own, so that the installation
/// is killed without them.
@Tag("slow")
class PullRequestThreadIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final JsonMapper JSON = JsonMapper.shared();

  // CONFINED: to the thread of the tests, as all that follow
  private static Slipway slipway;
  private static String gitHub;
  private static Service installation;

  @BeforeAll
  static void start() {
    slipway = Slipway.fresh();
    Service _ = slipway.localE2b();
    Service _ = slipway.start("run", "local-github").awaitReady(Slipway.START);
    String sandboxes = slipway.endpoints().path("e2b").asString();
    gitHub = slipway.endpoints().path("github").asString();
    slipway
        .with("E2B_API_URL", sandboxes)
        .with("E2B_SANDBOX_URL", sandboxes)
        .with("E2B_API_KEY", slipway.file("e2b-api-key"))
        .with("GITHUB_API_URL", gitHub)
        .with("GITHUB_TOKEN", slipway.file("github-token"))
        .with("SLIPWAY_GITHUB_BUDGET_SPACING", "0s");
    installation = slipway.up();
  }

  @AfterAll
  static void close() {
    slipway.close();
  }

  @Test
  void whatWasDoneInASandboxComesBackMerged() {
    String repository = repository("site");
    var _ =
        slipway
            .command(
                "github",
                "connect",
                "slipway/site",
                "--webhook-url",
                slipway.url() + "/webhooks/github")
            .succeeded();
    String sandbox = sandboxes().create(Map.of("network", "off", "repository_url", repository));
    try (var stream = EventStream.of(slipway.api(), "sandbox_id=" + sandbox)) {
      push(sandbox, repository, "faster");
      JsonNode opened = open(repository, "faster");
      long number = opened.at("/result/number").asLong();

      JsonNode known = awaitState("site", number, "OPEN");
      assertThat(known.path("url").asString()).isEqualTo(opened.at("/result/url").asString());
      Answer _ = send("PUT", "/repos/slipway/site/pulls/" + number + "/merge", Map.of()).is(200);

      JsonNode merged = awaitState("site", number, "MERGED");
      assertThat(merged.path("sandbox_id").asString()).isEqualTo(sandbox);
      assertThat(sandboxes().get(sandbox).at("/pull_request/number").asLong()).isEqualTo(number);
      assertThat(stream.await("pull_request.merged", SOON).at("/context/sandbox_id").asString())
          .isEqualTo(sandbox);
    }
    assertThat(
            send("GET", "/repos/slipway/site/contents/README.md?ref=main", null)
                .is(200)
                .json()
                .path("content")
                .asString())
        .isEqualTo(readme(sandbox));
  }

  @Test
  void killedWhileGitHubCreatesThereIsOnePullRequest() {
    String repository = repository("killed");
    branchWithCommit("killed", "late");
    Answer _ =
        Http.send(
            asking(
                    URI.create(gitHub).resolve("/_slipway/faults"),
                    "PUT",
                    "{\"rules\": [{\"match\": \"POST /repos/*/*/pulls\", \"kind\": \"delay\", \"delay_ms\": 4000}]}")
                .build());
    String operation = begin(repository, "late").path("operation_id").asString();
    await("the create")
        .atMost(SOON)
        .until(() -> calls().path("POST /repos/{owner}/{repo}/pulls").asInt() > 0);

    installation.kill();
    installation = slipway.up();

    JsonNode ended =
        await("the end of " + operation)
            .atMost(SOON.multipliedBy(2))
            .until(
                () -> slipway.api().get("/api/v1/github/operations/" + operation).is(200).json(),
                it -> it.path("finished_at").isString());
    assertThat(ended.path("state").asString()).as("%s", ended).isEqualTo("SUCCEEDED");
    JsonNode all =
        send("GET", "/repos/slipway/killed/pulls?state=all&head=slipway:late", null).is(200).json();
    assertThat(all).hasSize(1);
    assertThat(ended.at("/result/number")).isEqualTo(all.at("/0/number"));
    JsonNode _ = awaitState("killed", all.at("/0/number").asLong(), "OPEN");
  }

  /// As GitHub's API shows a file.
  private static String readme(String sandbox) {
    return sandboxes().run(sandbox, "base64 -w 60 site/README.md");
  }

  private static Sandboxes sandboxes() {
    return new Sandboxes(slipway.api());
  }

  /// Clones, changes a file, and pushes that as one commit to a new branch.
  private static void push(String sandbox, String repository, String branch) {
    JsonNode _ = git(sandbox, "clone", Map.of("repository_url", repository));
    JsonNode _ = git(sandbox, "branch", Map.of("path", "site", "name", branch));
    String _ = sandboxes().run(sandbox, "cd site && echo 'and more' >> README.md");
    JsonNode _ = git(sandbox, "commit", Map.of("path", "site", "message", "Say more"));
    JsonNode _ = git(sandbox, "push", Map.of("path", "site"));
  }

  private static JsonNode git(String sandbox, String verb, Map<String, String> body) {
    Map<String, String> whole = new HashMap<>(body);
    whole.put("sandbox_id", sandbox);
    JsonNode ended = post("/api/v1/git/" + verb, whole).is(200).json();
    assertThat(ended.path("state").asString()).as("%s", ended).isEqualTo("SUCCEEDED");
    return ended;
  }

  private static JsonNode open(String repository, String head) {
    JsonNode ended =
        post(
                "/api/v1/github/pull-requests",
                Map.of("repository_url", repository, "head", head, "title", "Say more"))
            .is(200)
            .json();
    assertThat(ended.path("state").asString()).as("%s", ended).isEqualTo("SUCCEEDED");
    return ended;
  }

  private static JsonNode begin(String repository, String head) {
    return Http.send(
            asking(
                    slipway.url().resolve("/api/v1/github/pull-requests"),
                    "POST",
                    JSON.writeValueAsString(Map.of("repository_url", repository, "head", head)))
                .setHeader("Authorization", "Bearer " + slipway.token())
                .build())
        .is(202)
        .json();
  }

  /// Asks, and waits until it is done.
  private static Answer post(String path, Map<String, String> body) {
    return Http.send(
        asking(slipway.url().resolve(path), "POST", JSON.writeValueAsString(body))
            .setHeader("Authorization", "Bearer " + slipway.token())
            .header("Prefer", "wait=80")
            .timeout(SOON)
            .build());
  }

  private static JsonNode awaitState(String repository, long number, String state) {
    String path = "/api/v1/pull-requests/slipway/%s/%d".formatted(repository, number);
    return await("pull request " + number + " to be " + state)
        .atMost(SOON)
        .until(
            () -> slipway.api().get(path),
            answer ->
                answer.status() == 200 && answer.json().path("state").asString().equals(state))
        .json();
  }

  /// Makes a repository with a first commit.
  ///
  /// @return its address
  private static String repository(String name) {
    return send("POST", "/user/repos", Map.of("name", name, "auto_init", true))
        .is(201)
        .json()
        .path("html_url")
        .asString();
  }

  private static void branchWithCommit(String repository, String branch) {
    String main =
        send("GET", "/repos/slipway/" + repository + "/git/ref/heads/main", null)
            .is(200)
            .json()
            .at("/object/sha")
            .asString();
    Answer _ =
        send(
                "POST",
                "/repos/slipway/" + repository + "/git/refs",
                Map.of("ref", "refs/heads/" + branch, "sha", main))
            .is(201);
    Answer _ =
        send(
                "PUT",
                "/repos/slipway/" + repository + "/contents/new.txt",
                Map.of("message", "Add a file", "content", "YQ==", "branch", branch))
            .is(201);
  }

  private static JsonNode calls() {
    return Http.send(asking(URI.create(gitHub).resolve("/_slipway/calls"), "GET", null).build())
        .is(200)
        .json();
  }

  private static Answer send(String method, String path, @Nullable Map<String, ?> body) {
    return Http.send(
        asking(
                URI.create(gitHub + path),
                method,
                body == null ? null : JSON.writeValueAsString(body))
            .build());
  }

  private static HttpRequest.Builder asking(URI uri, String method, @Nullable String body) {
    return HttpRequest.newBuilder(uri)
        .header("Authorization", "Bearer " + slipway.file("github-token"))
        .header("Content-Type", "application/json")
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }
}
