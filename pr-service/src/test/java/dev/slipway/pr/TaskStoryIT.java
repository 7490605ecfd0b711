package dev.slipway.pr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pr.github.LocalSite;
import dev.slipway.pr.github.TestSite;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.web.security.Scope;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tasks with a pull request on a GitHub of this machine: what is shown of them, and what of them
/// is shown elsewhere. Their sandboxes are told of by the test.
class TaskStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.shared();

  // CONFINED: to the thread of the tests, as all that follow
  private static LocalSite local;
  private static TestSite site;
  private static TestPrService service;
  private static Webhooks webhooks;

  @BeforeAll
  static void start(@TempDir Path directory) {
    local = LocalSite.start(directory);
    site = local.with("tasks");
    service =
        TestPrService.start(
            "--slipway.github.api-url=" + site.api(),
            "--slipway.github.token=" + site.token().value(),
            "--slipway.github.budget.spacing=0s");
    webhooks = new Webhooks(service.clients());
  }

  @AfterAll
  static void stop() {
    webhooks.close();
    service.close();
    local.close();
  }

  private static WebTestClient client() {
    return service.as("default", Scope.TASKS);
  }

  private static String repository() {
    return "http://%s/slipway/tasks".formatted(site.api().getAuthority());
  }

  private static JsonNode post(String path, Object body, HttpStatus expected) {
    return JSON.readTree(
        String.valueOf(
            client()
                .post()
                .uri(path)
                .header("Prefer", "wait=30")
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isEqualTo(expected)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody()));
  }

  private static String text(String path) {
    return Objects.requireNonNull(
        client()
            .get()
            .uri(path)
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody());
  }

  private static JsonNode get(String path) {
    return JSON.readTree(text(path));
  }

  private static JsonNode create(String title, boolean start) {
    Map<String, Object> body =
        new HashMap<>(
            Map.of(
                "title",
                title,
                "repository_url",
                repository(),
                "runner",
                Map.of("type", "commands", "commands", List.of("tidy")),
                "execution_id",
                "run-" + title));
    body.put("start", start);
    return JSON.readTree(
        String.valueOf(
            client()
                .post()
                .uri("/api/v1/tasks")
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody()));
  }

  private static void awaitTask(String id, String pointer, String value) {
    await()
        .atMost(PATIENCE)
        .until(() -> get("/api/v1/tasks/" + id).at(pointer).asString(), value::equals);
  }

  /// Through its sandbox, up to its pull request.
  private static JsonNode inReview(String title, byte @Nullable [] patch) {
    JsonNode task = create(title, true);
    String id = task.path("task_id").asString();
    String branch = "slipway/" + id;
    String base =
        site.send("GET", "/repos/slipway/tasks/git/ref/heads/main", null)
            .at("/object/sha")
            .asString();
    UUID sandbox = UUID.fromString(task.path("sandbox_id").asString());
    await()
        .atMost(PATIENCE)
        .until(() -> get("/api/v1/tasks/" + id).at("/repository/id").isNumber());
    try (var told = new TaskSandbox(service.clients(), id, sandbox)) {
      told.runs();
      told.cloned(repository(), base);
      told.branched(branch, base);
      told.commandEnded(0, null);
      awaitTask(id, "/step", "COMMITTING");
      site.branch(branch);
      site.commit(branch, title + ".txt");
      String head =
          site.send("GET", "/repos/slipway/tasks/git/ref/heads/" + branch, null)
              .at("/object/sha")
              .asString();
      told.committed(head, base, patch);
      told.pushed(branch, head);
    }
    awaitTask(id, "/state", "IN_REVIEW");
    return get("/api/v1/tasks/" + id);
  }

  private static UUID merged(JsonNode task) {
    long number = task.at("/pull_request/number").asLong();
    String path = "/repos/slipway/tasks/pulls/" + number;
    JsonNode _ = site.send("PUT", path + "/merge", Map.of());
    JsonNode pullRequest = site.send("GET", path, null);
    UUID delivery = Ids.fresh();
    var _ =
        webhooks.send(
            delivery,
            "default",
            webhook ->
                webhook
                    .setAction("closed")
                    .setRepositoryId(task.at("/repository/id").asLong())
                    .setRepositoryFullName("slipway/tasks")
                    .setNumber(number)
                    .setBody(
                        ByteBuffer.wrap(
                            """
                            {"action":"closed","number":%d,"pull_request":%s,"repository":%s,"sender":{"login":"ada"}}
                            """
                                .formatted(number, pullRequest, pullRequest.at("/base/repo"))
                                .getBytes(UTF_8))));
    return delivery;
  }

  @Test
  void theWholeStoryOfATaskStandsInCausalOrder() {
    JsonNode task = inReview("story", "a patch\n".getBytes(UTF_8));
    String id = task.path("task_id").asString();

    UUID delivery = merged(task);
    awaitTask(id, "/outcome", "merged");

    List<JsonNode> items = timeline(id);
    assertThat(items.stream().map(item -> item.path("type").asString()).distinct())
        .containsSubsequence(
            "task.created",
            "task.assigned",
            "task.step",
            "sandbox.create",
            "survey_repository",
            "open_pull_request",
            "task.in_review",
            "task.done",
            "sandbox.terminate");
    var seen = new ArrayList<String>();
    for (JsonNode item : items) {
      String cause = item.path("cause_id").asString();
      boolean isLater =
          items.stream().anyMatch(other -> other.path("event_id").asString().equals(cause));
      assertThat(!isLater || seen.contains(cause)).as(item.toString()).isTrue();
      seen.add(item.path("event_id").asString());
    }
    JsonNode done = only(items, "task.done");
    JsonNode merge = only(items, "pull_request.merged");
    assertThat(done.path("cause_id")).isEqualTo(merge.path("event_id"));
    assertThat(done.path("topic").asString()).endsWith("pull-request.events");
    assertThat(merge.path("delivery_id").asString()).isEqualTo(delivery.toString());
    assertThat(merge.path("topic").asString()).endsWith("github.deliveries");
    assertThat(merge.path("offset").isNumber()).isTrue();
    assertThat(only(items, "task.created").path("actor").asString()).isEqualTo("alice");
    assertThat(only(items, "sandbox.run_command").path("topic").asString())
        .isEqualTo("sandbox.commands");
  }

  private static JsonNode only(List<JsonNode> items, String type) {
    List<JsonNode> found =
        items.stream().filter(item -> item.path("type").asString().equals(type)).toList();
    assertThat(found).as(type).hasSize(1);
    return found.getFirst();
  }

  /// Page by page.
  private static List<JsonNode> timeline(String id) {
    var items = new ArrayList<JsonNode>();
    String next = "";
    do {
      JsonNode page = get("/api/v1/tasks/" + id + "/timeline?limit=3" + next);
      page.path("items").forEach(items::add);
      next = "&cursor=" + page.path("next_cursor").asString("");
    } while (!next.endsWith("="));
    return items;
  }

  @Test
  void whatIsToldOfThePullRequestIsToldOfItsTask() {
    JsonNode task = inReview("told", "a patch\n".getBytes(UTF_8));
    String id = task.path("task_id").asString();
    String sandbox = task.path("sandbox_id").asString();

    UUID delivery = merged(task);
    awaitTask(id, "/state", "DONE");

    for (String path :
        List.of(
            "/api/v1/pull-requests/slipway/tasks/" + task.at("/pull_request/number").asString(),
            "/api/v1/deliveries/" + delivery)) {
      JsonNode shown = get(path);
      assertThat(shown.path("task_id").asString()).as(path).isEqualTo(id);
      assertThat(shown.at("/context/execution_id").asString()).isEqualTo("run-told");
      assertThat(shown.at("/context/sandbox_id").asString()).isEqualTo(sandbox);
    }
    assertThat(contexts(id))
        .isNotEmpty()
        .extracting(Context::getExecutionId)
        .containsOnly("run-told");
    assertThat(get("/api/v1/executions/run-told").at("/pull_requests/merged").asInt()).isEqualTo(1);
    assertThat(get("/api/v1/executions/run-told").path("finished_at").isString()).isTrue();
  }

  private static List<Context> contexts(String task) {
    var deserializer = new AvroDeserializer<PullRequestEvent>();
    deserializer.configure(service.clients().serde(), false);
    String topic = service.clients().topicNames().of(Topics.PULL_REQUEST_EVENTS);
    return service
        .database()
        .inStage(transaction ->
            transaction.query(
                "select value from outbox where topic = 'pull-request.events' order by outbox_id",
                row -> Columns.required(row, "value", byte[].class)))
        .stream()
        .map(value -> Objects.requireNonNull(deserializer.deserialize(topic, value)).getContext())
        .filter(context -> task.equals(context.getTaskId()))
        .toList();
  }

  @Test
  void thePatchIsWhatLeftTheSandboxElseWhatGitHubShows() {
    JsonNode todo = create("nothing", false);
    JsonNode small = inReview("small", "a patch\n".getBytes(UTF_8));
    JsonNode large = inReview("large", null);

    client()
        .get()
        .uri("/api/v1/tasks/" + small.path("task_id").asString() + "/diff")
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .contentType("text/x-diff")
        .expectBody(String.class)
        .isEqualTo("a patch\n");
    assertThat(text("/api/v1/tasks/" + large.path("task_id").asString() + "/diff"))
        .startsWith("diff --git a/large.txt b/large.txt")
        .contains("+a");
    assertThat(
            get("/api/v1/tasks/" + todo.path("task_id").asString() + "/diff")
                .path("status")
                .asInt())
        .isEqualTo(404);
  }

  @Test
  void thePullRequestOfATaskCanBeAskedForByItself() {
    String id = create("alone", false).path("task_id").asString();
    site.branchWithCommit("by-hand");
    String openings = "/api/v1/github/pull-requests";

    JsonNode none = post(openings, Map.of("task_id", id), HttpStatus.CONFLICT);
    JsonNode other =
        post(
            openings,
            Map.of("task_id", id, "head", "by-hand", "repository_url", repository() + "2"),
            HttpStatus.UNPROCESSABLE_CONTENT);
    JsonNode operation =
        post(openings, Map.of("task_id", id, "head", "by-hand", "title", "By hand"), HttpStatus.OK);
    JsonNode twice = post(openings, Map.of("task_id", id, "head", "by-hand"), HttpStatus.CONFLICT);

    assertThat(none.path("detail").asString()).contains("has pushed nothing");
    assertThat(other.at("/errors/0/field").asString()).isEqualTo("repository_url");
    assertThat(operation.path("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(operation.at("/target/task_id").asString()).isEqualTo(id);
    assertThat(operation.at("/context/execution_id").asString()).isEqualTo("run-alone");
    assertThat(twice.path("code").asString()).isEqualTo("illegal_state");
    JsonNode task = get("/api/v1/tasks/" + id);
    long number = operation.at("/result/number").asLong();
    assertThat(task.path("state").asString()).isEqualTo("IN_REVIEW");
    assertThat(task.at("/pull_request/number").asLong()).isEqualTo(number);
    assertThat(
            site.send("GET", "/repos/slipway/tasks/pulls/" + number, null).path("title").asString())
        .isEqualTo("By hand");
    String path = "/api/v1/github/operations/" + operation.path("operation_id").asString();
    assertThat(get(path)).isEqualTo(operation);
    assertThat(post(path + "/cancel", Map.of(), HttpStatus.CONFLICT).path("code").asString())
        .isEqualTo("illegal_state");
  }

  @Test
  void anOperationOfATaskThatIsNoLongerWantedEndsTheTask() {
    JsonNode task = create("given-up", false);
    String id = task.path("task_id").asString();
    local.refuse("GET /repos/slipway/tasks", 502);
    JsonNode begun =
        JSON.readTree(
            String.valueOf(
                client()
                    .post()
                    .uri("/api/v1/github/pull-requests")
                    .bodyValue(Map.of("task_id", id, "head", "not-there"))
                    .exchange()
                    .expectStatus()
                    .isAccepted()
                    .expectBody(String.class)
                    .returnResult()
                    .getResponseBody()));

    JsonNode cancelled =
        post(
            "/api/v1/github/operations/" + begun.path("operation_id").asString() + "/cancel",
            Map.of(),
            HttpStatus.OK);

    local.behave();
    assertThat(cancelled.path("state").asString()).isEqualTo("CANCELLED");
    awaitTask(id, "/failure/code", "cancelled");
    assertThat(get("/api/v1/tasks/" + id).at("/failure/at").isString()).isTrue();
  }
}
