package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `task` against an API that answers what it is told to.
class TaskCommandTest {
  private static final String ID = "0198c0de-0000-7000-8000-000000000001";
  private static final String OTHER = "0198c0de-0000-7000-8000-000000000002";
  private static final String TASK = "/api/v1/tasks/" + ID;
  private static final String BUDGET = "GET /api/v1/github/budget";
  private static final String NO_LIMIT =
      """
      {"git_url":"http://127.0.0.1:8082","per_minute":null,"per_hour":null,"used_minute":0,"used_hour":0}
      """;

  @TempDir Path folder;

  private final ScriptedApi api = new ScriptedApi();

  @AfterEach
  void close() {
    api.close();
  }

  private static String task(String id, String state, int version) {
    return """
    {"task_id":"%s","version":%d,"title":"Say more","state":"%s","step":null,
     "repository":{"id":42,"full_name":"acme/site","url":"https://github.com/acme/site"},
     "pull_request":{"number":7,"url":"https://github.com/acme/site/pull/7","state":"OPEN"},"labels":["a"],
     "created_at":"2026-01-02T03:04:05.000Z","updated_at":"2026-01-02T03:04:05.000Z"}
    """
        .formatted(id, version, state);
  }

  private static String event(String id, int sequence, String type, String data) {
    return """
    id: c%d
    data: {"id":"e","type":"%s","time":"2026-01-02T03:04:0%d.500Z","sequence":%d,"context":{"task_id":"%s"},"data":%s}

    """
        .formatted(sequence, type, sequence, sequence, id, data);
  }

  private static String state(String state, String message) {
    return """
    {"state":"%s","step":null,"message":"%s","pull_request":null,"failure":null}
    """
        .formatted(state, message)
        .strip();
  }

  private static JsonNode read(String json) {
    return JsonMapper.shared().readTree(json);
  }

  @Test
  void whatOptionsSayIsAskedForAndOwnerAndNameAreOfTheInstallationsGitHub() {
    api.on(BUDGET, NO_LIMIT).on("POST /api/v1/tasks", 202, task(ID, "IN_PROGRESS", 1), Map.of());

    ScriptedApi.Ran ran =
        api.run(
            "task",
            "create",
            "--repository",
            "acme/site",
            "--title",
            "Say more",
            "--command",
            "a",
            "--command",
            "b c",
            "--base",
            "next",
            "--label",
            "one",
            "--label",
            "two",
            "--agent",
            "ada",
            "--squad",
            "s",
            "--execution",
            "x",
            "--timeout",
            "2m",
            "--sandbox-timeout",
            "90s",
            "--pr-title",
            "{{title}}",
            "--pr-body",
            "more",
            "--draft",
            "--idempotency-key",
            "k");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).contains(ID, "IN_PROGRESS", "acme/site", "#7 OPEN");
    ScriptedApi.Asked asked = api.asked("POST /api/v1/tasks").getFirst();
    assertThat(asked.key()).isEqualTo("k");
    assertThat(asked.json())
        .isEqualTo(
            read(
                """
                {"title":"Say more","runner":{"type":"commands","commands":["a","b c"]},"base_branch":"next",
                 "agent_id":"ada","squad_id":"s","timeout_seconds":120,"sandbox_seconds":90,
                 "labels":["one","two"],"pull_request":{"title":"{{title}}","body":"more","draft":true},
                 "start":true,"execution_id":"x","repository_url":"http://127.0.0.1:8082/acme/site"}
                """));
  }

  @Test
  void anAgentGetsItsPromptOfAFileAndOptionsWinOverWhatAFileSays() throws IOException {
    Path prompt = Files.writeString(folder.resolve("prompt"), "Do ü.\n");
    Path file =
        Files.writeString(
            folder.resolve("task.json"),
            """
            {"title":"Of the file","description":"kept","repository_url":"https://forge.test/a/b","start":false}
            """);
    api.on("POST /api/v1/tasks", 202, task(ID, "TODO", 1), Map.of());

    ScriptedApi.Ran ran =
        api.run(
            "task",
            "create",
            "--file",
            file.toString(),
            "--title",
            "Mine",
            "--cli",
            "agent -p",
            "--prompt-file",
            prompt.toString(),
            "--prompt-via",
            "file",
            "--env",
            "KEY=secret://file/key");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(api.asked("POST /api/v1/tasks").getFirst().json())
        .isEqualTo(
            read(
                """
                {"title":"Mine","description":"kept","repository_url":"https://forge.test/a/b","start":false,
                 "runner":{"type":"cli","command_line":"agent -p","environment":{"KEY":"secret://file/key"},
                           "prompt":"Do ü.\\n","prompt_via":"file"}}
                """));
    assertThat(
            api.run("task", "create", "--file", file.toString(), "--command", "x", "--no-start")
                .exit())
        .isZero();
    assertThat(api.asked("POST /api/v1/tasks").getLast().json().path("start").asBoolean())
        .isFalse();
  }

  @Test
  void ofManyRepositoriesEachGetsATaskUnderAKeyThatIsTheSameTheNextTime() {
    api.on(BUDGET, NO_LIMIT)
        .on("POST /api/v1/tasks", 202, task(ID, "IN_PROGRESS", 1), Map.of())
        .on("POST /api/v1/tasks", 503, "{\"detail\":\"not now\"}", Map.of())
        .on("POST /api/v1/tasks", 202, task(OTHER, "IN_PROGRESS", 1), Map.of());
    String list = "# ours\nacme/site\n\nhttps://forge.test/a/b # theirs\nacme/site\n";
    String[] command = {
      "task",
      "create",
      "--repositories",
      "-",
      "--execution",
      "x1",
      "--title",
      "t",
      "--command",
      "c",
      "--json"
    };

    ScriptedApi.Ran ran = api.runWith(list, command);

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(read(ran.out()).path("execution_id").asString()).isEqualTo("x1");
    assertThat(read(ran.out()).path("items")).hasSize(2);
    assertThat(ran.err()).contains("execution x1");
    List<ScriptedApi.Asked> first = api.asked("POST /api/v1/tasks");
    assertThat(first)
        .extracting(asked -> asked.json().path("repository_url").asString())
        .containsExactly(
            "http://127.0.0.1:8082/acme/site", "https://forge.test/a/b", "https://forge.test/a/b");
    assertThat(first)
        .allSatisfy(
            asked -> assertThat(asked.json().path("execution_id").asString()).isEqualTo("x1"));
    assertThat(first.get(1).key()).isEqualTo(first.get(2).key()).isNotEqualTo(first.get(0).key());

    assertThat(api.runWith(list, command).exit()).isZero();
    List<ScriptedApi.Asked> all = api.asked("POST /api/v1/tasks");
    assertThat(all.subList(3, 5))
        .extracting(ScriptedApi.Asked::key)
        .containsExactly(first.get(0).key(), first.get(1).key());
    assertThat(
            api.runWith(
                    "acme/site",
                    command[0],
                    command[1],
                    "--repositories",
                    "-",
                    "--title",
                    "t",
                    "--command",
                    "c")
                .err())
        .as("an execution that is drawn")
        .containsPattern("execution [0-9a-f-]{36}");
  }

  @Test
  void whatBreaksOffSaysHowToGoOn() {
    api.on(BUDGET, NO_LIMIT)
        .on("POST /api/v1/tasks", 422, "{\"detail\":\"No such host.\"}", Map.of());

    ScriptedApi.Ran ran =
        api.runWith(
            "https://forge.test/a/b",
            "task",
            "create",
            "--repositories",
            "-",
            "--execution",
            "x1",
            "--title",
            "t",
            "--command",
            "c");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("https://forge.test/a/b", "No such host.", "--execution x1");
  }

  @Test
  void aListHasEveryFilterAndOfAnExecutionItsCounts() {
    api.on(
            "GET /api/v1/tasks?limit=50&state=DONE&repository=acme%2Fsite&execution_id=x&squad_id=s"
                + "&agent_id=a&label=l",
            "{\"items\":[%s],\"next_cursor\":null}".formatted(task(ID, "DONE", 9)))
        .on(
            "GET /api/v1/executions/x",
            """
            {"execution_id":"x","tasks":{"total":3,"todo":0,"in_progress":1,"in_review":0,"done":2,"failed":0,
             "cancelled":0,"closed":0},"pull_requests":{"open":1,"merged":2,"closed":0}}
            """);

    ScriptedApi.Ran ran =
        api.run(
            "task",
            "list",
            "--state",
            "DONE",
            "--repository",
            "acme/site",
            "--execution",
            "x",
            "--squad",
            "s",
            "--agent",
            "a",
            "--label",
            "l");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out().lines())
        .containsExactly(
            "ID                                    STATE  REPOSITORY  TITLE     PULL REQUEST  CREATED",
            ID + "  DONE   acme/site   Say more  #7 OPEN       2026-01-02T03:04:05.000Z",
            "execution x: 3 tasks, 1 in progress, 2 done; pull requests: 1 open, 2 merged, 0 closed");
  }

  @Test
  void oneIsShownWithItsTimelineAndItsPatch() {
    api.on("GET " + TASK, task(ID, "DONE", 9))
        .on(
            "GET " + TASK + "/timeline?limit=200",
            """
            {"items":[{"at":"2026-01-02T03:04:05.000Z","type":"task.created","summary":"Asked for.","actor":"ada",
             "delivery_id":null,"event_id":"e1","cause_id":null,"topic":"task.events","partition":2,"offset":17}],
             "next_cursor":null}
            """)
        .on("GET " + TASK + "/diff", "--- a/x\n+++ b/x\n+more\u001b[31m\n");

    assertThat(api.run("task", "show", ID).out().lines()).contains("state         DONE");
    assertThat(api.run("task", "show", ID, "--timeline").out())
        .contains("task.created", "task.events/2@17");
    assertThat(
            read(api.run("task", "show", ID, "--timeline", "--json").out())
                .at("/timeline/0/offset")
                .asInt())
        .isEqualTo(17);
    assertThat(api.run("task", "show", ID, "--diff").out())
        .isEqualTo("--- a/x\n+++ b/x\n+more\\u001b[31m\n");
    assertThat(api.run("task", "show", OTHER).err()).contains("no task " + OTHER + " is known");
    assertThat(api.run("task", "show", "x").exit()).isEqualTo(2);
  }

  @Test
  void severalAreCancelledAndWhatCannotBeSaysWhy() {
    api.on("POST " + TASK + "/cancel", 202, task(ID, "CANCELLED", 9), Map.of())
        .on(
            "POST /api/v1/tasks/" + OTHER + "/cancel",
            409,
            "{\"detail\":\"It is DONE.\"}",
            Map.of())
        .on("POST " + TASK + "/retry", 202, task(ID, "IN_PROGRESS", 10), Map.of())
        .on("POST " + TASK + "/assign", 202, task(ID, "IN_PROGRESS", 10), Map.of());

    ScriptedApi.Ran ran = api.run("task", "cancel", ID, OTHER);

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains(ID, "CANCELLED");
    assertThat(ran.err()).contains("It is DONE.");
    assertThat(api.run("task", "retry", ID).exit()).isZero();
    assertThat(api.run("task", "assign", ID, "--agent", "ada").exit()).isZero();
    assertThat(api.asked("POST " + TASK + "/assign").getFirst().json())
        .isEqualTo(read("{\"agent_id\":\"ada\"}"));
  }

  @Test
  void aWatchBeginsWhereTheTaskWasReadGoesOnAfterACutAndEndsWithItsOutcome() {
    api.on("GET " + TASK, 200, task(ID, "IN_PROGRESS", 3), Map.of("Slipway-Cursor", "c0"))
        .on(
            "GET /api/v1/events?task_id=" + ID,
            event(ID, 3, "task.step", state("IN_PROGRESS", "Known."))
                + event(ID, 4, "task.step", state("IN_PROGRESS", "New.")))
        .on(
            "GET /api/v1/events?task_id=" + ID,
            event(ID, 5, "task.failed", state("FAILED", "It broke.\\nSo.")));

    ScriptedApi.Ran ran = api.run("task", "watch", ID);

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("New.", "It broke.", "So.").doesNotContain("Known.");
    assertThat(api.asked("GET /api/v1/events?task_id=" + ID))
        .extracting(ScriptedApi.Asked::resumes)
        .containsExactly("c0", "c4");
  }

  @Test
  void whatWasMissedIsReadAgain() {
    api.on("GET " + TASK, 200, task(ID, "IN_PROGRESS", 3), Map.of("Slipway-Cursor", "c0"))
        .on("GET " + TASK, 200, task(ID, "IN_PROGRESS", 3), Map.of("Slipway-Cursor", "c0"))
        .on("GET " + TASK, 200, task(ID, "DONE", 9), Map.of("Slipway-Cursor", "c9"))
        .on(
            "GET /api/v1/events?task_id=" + ID,
            "event: reset\nid: c8\ndata: {\"reason\":\"expired\"}\n\n");

    assertThat(api.run("task", "watch", ID).exit()).isZero();
    assertThat(api.asked("GET /api/v1/events?task_id=" + ID)).hasSize(1);
  }

  @Test
  void aReviewIsEnoughWhereItIsSaidToBe() {
    api.on("GET " + TASK, 200, task(ID, "IN_PROGRESS", 3), Map.of("Slipway-Cursor", "c0"))
        .on(
            "GET /api/v1/events?task_id=" + ID,
            event(ID, 4, "task.in_review", state("IN_REVIEW", "There.")));

    ScriptedApi.Ran ran = api.run("task", "watch", ID, "--until", "review", "--json");

    assertThat(ran.exit()).isZero();
    assertThat(read(ran.out()).path("type").asString()).isEqualTo("task.in_review");
  }

  @Test
  void anExecutionIsOverWhenAllOfItsTasksAre() {
    api.on(
            "GET /api/v1/executions/x",
            200,
            "{\"execution_id\":\"x\",\"tasks\":{\"total\":2,\"in_progress\":2}}",
            Map.of("Slipway-Cursor", "c0"))
        .on(
            "GET /api/v1/tasks?limit=200&execution_id=x",
            "{\"items\":[%s,%s],\"next_cursor\":null}"
                .formatted(task(ID, "IN_PROGRESS", 3), task(OTHER, "IN_PROGRESS", 3)))
        .on(
            "GET /api/v1/events?execution_id=x",
            event(ID, 4, "task.done", state("DONE", "Merged."))
                + event(OTHER, 5, "task.closed", state("CLOSED", "Closed.")));

    ScriptedApi.Ran ran = api.run("task", "watch", "--execution", "x");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(
            ran.out()
                .lines()
                .filter(line -> line.contains("Merged."))
                .collect(Collectors.joining()))
        .contains("#2");
    assertThat(ran.out()).contains("#1   " + OTHER + "  acme/site  Say more", "#2   " + ID);
    assertThat(ran.err()).contains("2 tasks, 2 in progress");
  }

  @Test
  void waitingShowsWhatHappensUntilThePullRequestIsThere() {
    api.on("POST /api/v1/tasks", 202, task(ID, "IN_PROGRESS", 1), Map.of())
        .on("GET " + TASK, 200, task(ID, "IN_REVIEW", 8), Map.of("Slipway-Cursor", "c0"));

    ScriptedApi.Ran ran =
        api.run(
            "task",
            "create",
            "--repository",
            "https://forge.test/a/b",
            "--title",
            "t",
            "--command",
            "c",
            "--wait");

    assertThat(ran.exit()).as(Arrays.toString(ran.out().split("\n"))).isZero();
    assertThat(ran.out()).contains("in review");
  }
}
