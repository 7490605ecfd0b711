package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tasks, from the wish to the merge, as their users see them.
@Tag("slow")
class TaskThreadIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SCHEMAS = "dev.slipway.schemas.task.";
  private static final Set<String> OF_EACH_ITS_OWN =
      Set.of(
          "task_id",
          "sandbox_id",
          "branch",
          "head_sha",
          "pull_request",
          "version",
          "deadline_at",
          "created_at",
          "assigned_at",
          "started_at",
          "finished_at",
          "updated_at",
          "title");

  // CONFINED: to the thread of the tests, as all that follow
  private static Slipway slipway;
  private static GitHubDouble gitHub;
  private static Tasks tasks;
  private static String site;
  private static URI provider;

  @BeforeAll
  static void start() {
    slipway = Slipway.fresh();
    Service _ = slipway.localE2b();
    String e2b = slipway.endpoints().path("e2b").asString();
    provider = URI.create(e2b);
    slipway
        .with("E2B_API_URL", e2b)
        .with("E2B_SANDBOX_URL", e2b)
        .with("E2B_API_KEY", slipway.file("e2b-api-key"))
        // a busy machine is no error
        .with("SLIPWAY_DATABASE_ACQUIRE_TIMEOUT", "30s");
    Service _ = slipway.up();
    gitHub = GitHubDouble.of(slipway);
    tasks = new Tasks(slipway.api());
    site = gitHub.repository("site");
    String _ =
        slipway
            .command(
                "github",
                "connect",
                "slipway/site",
                "--webhook-url",
                slipway.url() + "/webhooks/github")
            .succeeded();
  }

  @AfterAll
  static void stop() {
    slipway.close();
  }

  @Test
  void aTaskGoesToTheMergeAndItsSandboxIsRemoved() {
    Map<String, Object> wanted =
        new HashMap<>(Tasks.of(site, "echo thread >> README.md", "echo done"));
    wanted.putAll(
        Map.of("execution_id", "e-thread", "squad_id", "s-thread", "agent_id", "a-thread"));
    try (var ofExecution = EventStream.of(slipway.api(), "execution_id=e-thread");
        var ofSquad = EventStream.of(slipway.api(), "squad_id=s-thread");
        var ofAgent = EventStream.of(slipway.api(), "agent_id=a-thread")) {
      String id = tasks.create(wanted);
      JsonNode reviewed = tasks.await(id, "IN_REVIEW");
      long number = reviewed.at("/pull_request/number").asLong();
      assertThat(reviewed.path("branch").asString()).isEqualTo("slipway/" + id);
      assertThat(tasks.diff(id)).contains("+thread");
      JsonNode shown = gitHub.send("GET", "/repos/slipway/site/pulls/" + number, null).json();
      assertThat(shown.path("title").asString()).isEqualTo("Say more");
      assertThat(shown.at("/head/sha")).isEqualTo(reviewed.path("head_sha"));

      Answer _ = gitHub.merge("site", number, "merge").is(200);

      JsonNode done = tasks.await(id, "DONE");
      assertThat(done.path("outcome").asString()).isEqualTo("merged");
      assertThat(done.at("/pull_request/state").asString()).isEqualTo("MERGED");
      String sandbox = done.path("sandbox_id").asString();
      JsonNode ended = new Sandboxes(slipway.api()).awaitState(sandbox, "TERMINATED");
      assertThat(ended.path("kill_reason").asString()).isEqualTo("task_finished");
      for (EventStream stream : List.of(ofExecution, ofSquad, ofAgent)) {
        for (String type :
            List.of(
                "task.created",
                "task.step",
                "command.output",
                "git.pushed",
                "task.in_review",
                "pull_request.merged",
                "task.done")) {
          assertThat(stream.await(type, Tasks.SOON).at("/context/task_id").asString())
              .as(type)
              .isEqualTo(id);
        }
      }
      JsonNode execution = slipway.api().get("/api/v1/executions/e-thread").is(200).json();
      assertThat(execution.at("/tasks/done").asInt()).isEqualTo(1);
      assertThat(execution.at("/pull_requests/merged").asInt()).isEqualTo(1);
      JsonNode pullRequest =
          slipway.api().get("/api/v1/pull-requests/slipway/site/" + number).is(200).json();
      assertThat(pullRequest.path("task_id").asString()).isEqualTo(id);
    }
  }

  @Test
  void nothingToChangeIsDoneWithoutAPullRequest() {
    int before = gitHub.pullRequests("site").size();

    JsonNode done = tasks.await(tasks.create(Tasks.of(site, "true")), "DONE");

    assertThat(done.path("outcome").asString()).isEqualTo("no_changes");
    assertThat(done.path("pull_request").isNull()).isTrue();
    assertThat(gitHub.pullRequests("site")).hasSize(before);
  }

  @Test
  void aCommandThatFailsEndsTheTaskWithItsLastLines() {
    String id = tasks.create(Tasks.of(site, "seq 30; echo to stderr >&2; exit 7", "touch never"));

    JsonNode failed = tasks.await(id, "FAILED");

    assertThat(failed.at("/failure/code").asString()).isEqualTo("command_failed");
    assertThat(failed.at("/failure/message").asString())
        .startsWith("Command 1 of 2 ended with 7.")
        .contains("30")
        .contains("to stderr")
        .doesNotContain("\n10\n");
  }

  @Test
  void anAgentForTheCommandLineGetsItsPromptOnStandardInputOrInAFile() {
    for (String via : List.of("stdin", "file")) {
      String line =
          via.equals("stdin") ? "cat > said.txt" : "cat \"$SLIPWAY_PROMPT_FILE\" > said.txt";
      String id =
          tasks.create(
              Tasks.of(site),
              "runner",
              Map.of(
                  "type",
                  "cli",
                  "command_line",
                  line + "; printenv NAME >> said.txt",
                  "environment",
                  Map.of("NAME", "value"),
                  "prompt",
                  "Say it by " + via + "\n",
                  "prompt_via",
                  via));

      JsonNode _ = tasks.await(id, "IN_REVIEW");
      assertThat(tasks.diff(id)).contains("+Say it by " + via).contains("+value");
    }
  }

  @Test
  void whatKafkajsAsksForIsTheSameAsWhatIsAskedForOverHttp() {
    JsonNode byRest =
        tasks.await(
            tasks.create(
                Tasks.of(site, "echo alike >> rest.txt"),
                "labels",
                List.of("bot", "e-{{task_id}}")),
            "IN_REVIEW");
    String byTopic = UUID.randomUUID().toString();
    ObjectNode context = JSON.createObjectNode();
    for (String key :
        List.of("task_id", "execution_id", "squad_id", "agent_id", "session_id", "sandbox_id")) {
      context.putNull(key);
    }
    context.put("tenant", "default");
    context.put("user_id", byRest.at("/context/user_id").asString());
    Map<String, ?> create =
        Map.of(
            "title",
            "Say more",
            "repository_url",
            site,
            "runner",
            Map.of(
                SCHEMAS + "CommandsRunner", Map.of("commands", List.of("echo alike >> rest.txt"))),
            "start",
            true,
            "labels",
            List.of("bot", "e-{{task_id}}"));
    JsonNode _ =
        Node.run(
            "send-commands.js",
            Map.of(
                "TOPIC",
                "task.commands",
                "RECORDS",
                JSON.writeValueAsString(
                    List.of(
                        Map.of(
                            "key",
                            byTopic,
                            "id",
                            UUID.randomUUID().toString(),
                            "value",
                            Map.of(
                                "context",
                                context,
                                "body",
                                Map.of(SCHEMAS + "CreateTask", create))))),
                "KAFKA_PROPERTIES_FILE",
                slipway.data().resolve("kafka.properties").toString(),
                "SCHEMA_REGISTRY_URL",
                slipway.registry()));

    await()
        .atMost(Tasks.SOON)
        .until(() -> slipway.api().get("/api/v1/tasks/" + byTopic).status() == 200);
    assertThat(common(tasks.await(byTopic, "IN_REVIEW"))).isEqualTo(common(byRest));
  }

  private static Map<String, Object> common(JsonNode task) {
    var all = new TreeMap<String, Object>();
    task.properties()
        .forEach(entry -> {
          if (!OF_EACH_ITS_OWN.contains(entry.getKey()) && !entry.getKey().equals("context")) {
            all.put(entry.getKey(), entry.getValue());
          }
        });
    return all;
  }

  @Test
  void aHundredRapidCallsAreAllAnswered() {
    Map<String, Object> todo = new HashMap<>(Tasks.of(site, "true"));
    todo.put("start", false);

    List<Integer> answers =
        Crowd.each(
            IntStream.range(0, 100).boxed().toList(),
            100,
            n ->
                n % 2 == 0
                    ? tasks.post("/api/v1/tasks", todo).status()
                    : slipway.api().get("/api/v1/tasks?limit=5").status());

    assertThat(answers).containsOnly(200, 202).hasSize(100);
  }

  @Test
  void aReplayOfEveryTopicFindsAllKnownAndAsksNobodyAnything() {
    String id = tasks.create(Tasks.of(site, "echo replayed >> replayed.txt"));
    long number = tasks.await(id, "IN_REVIEW").at("/pull_request/number").asLong();
    Answer _ = gitHub.merge("site", number, "squash").is(200);
    JsonNode done = tasks.await(id, "DONE");
    JsonNode _ =
        new Sandboxes(slipway.api()).awaitState(done.path("sandbox_id").asString(), "TERMINATED");
    List<Map<String, Integer>> asked = List.of(posts(gitHub.calls()), posts(providerCalls()));

    for (String service : List.of("pr-service", "sandbox-worker")) {
      JsonNode replayed = slipway.command("replay", "--stage", service, "--json").exited(0).json();
      assertThat(replayed.path("known").asLong()).as("%s", replayed).isPositive();
      for (String count : List.of("applied", "changed", "dead", "parked")) {
        assertThat(replayed.path(count).asLong(-1)).as("%s of %s", count, replayed).isZero();
      }
      CommandResult _ = slipway.command("rebuild", "--verify", "--stage", service).exited(0);
    }

    assertThat(List.of(posts(gitHub.calls()), posts(providerCalls()))).isEqualTo(asked);
    assertThat(tasks.get(id)).isEqualTo(done);
  }

  private static JsonNode providerCalls() {
    return Http.send(
            HttpRequest.newBuilder(provider.resolve("/_slipway/calls"))
                .header("X-API-Key", slipway.file("e2b-api-key"))
                .build())
        .is(200)
        .json();
  }

  /// What makes or runs something; what is only looked at may be looked at any time.
  private static Map<String, Integer> posts(JsonNode calls) {
    var counts = new TreeMap<String, Integer>();
    calls
        .properties()
        .forEach(call -> {
          if (call.getKey().startsWith("POST ")) {
            counts.put(call.getKey(), call.getValue().asInt());
          }
        });
    assertThat(counts).isNotEmpty();
    return counts;
  }
}
