package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DemoTellingTest {
  private final StringWriter out = new StringWriter();

  private DemoTelling telling(boolean silent, String dataDir) {
    return new DemoTelling(
        new Screen(new PrintWriter(out, true), Ink.NONE),
        silent,
        Path.of(dataDir),
        URI.create("http://127.0.0.1:8080"),
        "http://127.0.0.1:8082/api/v3");
  }

  @Test
  void linesCanBeGivenToAShellAsTheyAre() {
    DemoTelling telling = telling(false, "data of it");

    telling.command("task", "create", "--title", "It's so");
    telling.call("POST", "/api/v1/tasks", Map.of("title", "It's so"));
    telling.onGitHub("PUT", "/repos/slipway/x/pulls/1/merge", Map.of());
    telling(false, ".slipway").command("pr", "show", "slipway/x#1");

    assertThat(out.toString().lines())
        .containsExactly(
            "  $ ./slipway task create --title 'It'\\''s so' --data-dir 'data of it'",
            "  $ curl -s http://127.0.0.1:8080/api/v1/tasks -H @'data of it/authorization'"
                + " -H 'Content-Type: application/json' -d '{\"title\":\"It'\\''s so\"}'",
            "  $ curl -s -X PUT http://127.0.0.1:8082/api/v3/repos/slipway/x/pulls/1/merge"
                + " -H @'data of it/github-authorization' -H 'Content-Type: application/json' -d '{}'",
            "  $ ./slipway pr show 'slipway/x#1'");
  }

  @Test
  void aLongPatchIsCutAndWhoIsSilentTellsNothing() {
    telling(false, "d").diff("+x\n".repeat(100));
    assertThat(out.toString().lines()).hasSize(81).endsWith("  … 20 lines more");
    out.getBuffer().setLength(0);

    telling(true, "d").heading("h");
    telling(true, "d").diff("+x\n");

    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTaskIsGoodOnlyWhenItIsDoneWithOnePullRequestAndItsSandboxIsGone() {
    var task =
        new DemoTask(
            JsonMapper.shared()
                .readTree(
                    """
                    {"task_id":"t","state":"IN_PROGRESS","created_at":"2026-01-02T03:04:00Z","branch":"slipway/t",
                     "pull_request":null,"failure":null}
                    """),
            "#1",
            new TaskStory(Ink.NONE, "", Instant.EPOCH));
    assertThat(task.isToMerge()).isFalse();

    event(task, "task.in_review", "IN_REVIEW", "{\"number\":1,\"url\":\"u\"}");
    assertThat(task.isToMerge()).isTrue();
    task.merged();
    assertThat(task.isToMerge()).isFalse();
    event(task, "task.done", "DONE", "{\"number\":1,\"url\":\"u\"}");
    assertThat(task.isOver()).isFalse();
    event(task, "sandbox.terminated", "TERMINATED", "null");
    assertThat(task.isOver()).isTrue();
    event(task, "sandbox.requested", "REQUESTED", "null");
    assertThat(task.isOver()).isFalse();
    event(task, "sandbox.terminated", "TERMINATED", "null");
    task.counted(2);
    assertThat(task.isGood()).isFalse();
    task.counted(1);
    assertThat(task.isGood()).isTrue();
    assertThat(task.state()).isEqualTo("DONE");
  }

  private static void event(DemoTask task, String type, String state, String pullRequest) {
    task.event(
        JsonMapper.shared()
            .readTree(
                """
                {"type":"%s","time":"2026-01-02T03:04:05Z","data":{"state":"%s","pull_request":%s,"failure":null}}
                """
                    .formatted(type, state, pullRequest)));
  }
}
