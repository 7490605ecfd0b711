package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./slipway demo`, and `task` and `trace` on what it leaves behind.
@Tag("slow")
class DemoIT {
  // CONFINED: to the thread of the tests, as all that follow
  private static Slipway slipway;
  private static JsonNode first;

  @BeforeAll
  static void start() {
    slipway = Slipway.fresh();
    // on nothing: it starts all of it, and ends it, or the next start would find it taken
    first =
        slipway
            .command("demo", "--tasks", "2", "--json", "--port", Integer.toString(slipway.port()))
            .exited(0)
            .json();
    Service _ = slipway.up();
  }

  @AfterAll
  static void close() {
    slipway.close();
  }

  private static String repository() {
    return first.path("repository").asString();
  }

  @Test
  void eachTaskBecomesOnePullRequestThatIsMergedAndItsSandboxGoes() {
    assertThat(first.path("succeeded").asBoolean()).isTrue();
    assertThat(first.path("tasks"))
        .hasSize(2)
        .allSatisfy(task -> {
          assertThat(task.path("state").asString()).isEqualTo("DONE");
          assertThat(task.path("pull_requests").asInt()).isOne();
          assertThat(task.path("sandbox_removed").asBoolean()).isTrue();
          assertThat(task.at("/milliseconds/running").asLong()).isPositive();
        });
  }

  @Test
  void itUsesWhatRunsAndTellsItsStoryPlainlyWhereNoTerminalIs() {
    CommandResult second = slipway.command("demo").exited(0);

    assertThat(second.err()).contains("using what runs");
    assertThat(second.out())
        .contains(
            "./slipway task create --repository slipway/demo-",
            "curl -s http://127.0.0.1:" + slipway.port() + "/api/v1/tasks",
            "$ python3 -B -m unittest -v",
            "| Bonjour, Ada!",
            "+Bonjour, {}!",
            "merged by slipway",
            "removed after",
            "Each task became one pull request.")
        .doesNotContain("\u001b");
    assertThat(slipway.api().get("/readyz").status()).as("it goes on running").isEqualTo(200);
  }

  @Test
  void theStoryIsTheSameByTaskAndByPullRequestAndBeginsWithTheWish() {
    JsonNode task = first.at("/tasks/0");
    JsonNode byTask =
        slipway.command("trace", task.path("task_id").asString(), "--json").exited(0).json();
    String number = task.path("pull_request_url").asString().replaceFirst(".*/", "");
    JsonNode byPullRequest =
        slipway.command("trace", repository() + "#" + number, "--json").exited(0).json();

    assertThat(byPullRequest).isEqualTo(byTask);
    List<String> types =
        byTask.path("items").valueStream().map(item -> item.path("type").asString("")).toList();
    assertThat(types).startsWith("task.created").contains("task.in_review", "task.done");
    assertThat(byTask.path("items"))
        .anySatisfy(
            item -> assertThat(item.path("topic").asString("")).isEqualTo("github.deliveries"));
  }

  @Test
  void askedForAgainAfterABreakNothingComesToBeTwice() throws IOException {
    Path list = slipway.scratch("lists").resolve("repositories");
    Files.writeString(list, "# one that is there\n" + repository() + "\n");
    for (int times = 0; times < 2; times++) {
      CommandResult made =
          create(
              "--repositories", list.toString(), "--execution", "again", "--command", "date > d");
      assertThat(made.exited(0).json().path("items")).hasSize(1);
    }

    JsonNode found =
        slipway.command("task", "list", "--execution", "again", "--json").exited(0).json();

    assertThat(found.path("items")).hasSize(1);
    assertThat(found.at("/execution/tasks/total").asInt()).isOne();
    CommandResult watched =
        slipway.command("task", "watch", "--execution", "again", "--until", "review");
    assertThat(watched.exited(0).out()).contains("in review");
  }

  @Test
  void whatIsAssignedToAnAgentComesToAPullRequestThatTheTaskNames() {
    JsonNode made =
        create("--repository", repository(), "--command", "date > assigned", "--no-start")
            .exited(0)
            .json();
    assertThat(made.path("state").asString()).isEqualTo("TODO");
    String id = made.path("task_id").asString();

    String _ = slipway.command("task", "assign", id, "--agent", "ada").succeeded();

    String _ = slipway.command("task", "watch", id, "--until", "review").succeeded();
    JsonNode task = slipway.command("task", "show", id, "--json").exited(0).json();
    assertThat(task.path("agent_id").asString()).isEqualTo("ada");
    assertThat(task.path("branch").asString()).isEqualTo("slipway/" + id);
    assertThat(task.at("/pull_request/url").asString()).contains(repository() + "/pull/");
    assertThat(slipway.command("task", "show", id, "--diff").succeeded())
        .contains("+++ b/assigned");
  }

  @Test
  void aTaskThatFailsIsLookedOnAtUntilThenAndEndsWithOne() {
    CommandResult failed =
        create("--repository", repository(), "--command", "echo why >&2; exit 3", "--wait");

    JsonNode last =
        failed
            .exited(1)
            .out()
            .lines()
            .map(DemoIT::read)
            .filter(event -> event.path("type").asString("").equals("task.failed"))
            .findFirst()
            .orElseThrow();
    assertThat(last.at("/data/failure/code").asString()).isEqualTo("command_failed");
    assertThat(last.at("/data/failure/message").asString()).contains("why");
    CommandResult cancelled =
        slipway.command("task", "cancel", last.at("/context/task_id").asString());
    assertThat(cancelled.exited(1).err()).contains("409");
  }

  private static JsonNode read(String json) {
    return JsonMapper.shared().readTree(json);
  }

  private static CommandResult create(String... words) {
    List<String> command = new ArrayList<>(List.of("task", "create", "--title", "t", "--json"));
    command.addAll(List.of(words));
    return slipway.command(command.toArray(String[]::new));
  }
}
