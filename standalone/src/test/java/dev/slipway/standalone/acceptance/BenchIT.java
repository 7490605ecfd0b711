package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The benchmarks run to their end, each of whose turns counts what was done: a lost operation or
/// byte is no figure. What they measure is for people.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class BenchIT {
  private static final String[] SHORT = {"--rounds", "1", "--turn", "1s", "--json"};

  @Test
  void operationsAreMadeByTheKernelAndByDbos(Slipway slipway) {
    JsonNode report = bench(slipway, "operations");

    assertThat(report.path("rows"))
        .extracting(row -> row.path("contestant").asString())
        .containsExactly(
            "kernel's worker",
            "DBOS, queued",
            "DBOS, at once",
            "kernel's worker",
            "DBOS, queued",
            "DBOS, at once");
  }

  @Test
  void sandboxesAreMeasuredBesideProcesses(Slipway slipway) {
    JsonNode report = bench(slipway, "sandboxes", "--at-once", "1", "--megabytes", "1");

    assertThat(report.path("rows")).hasSize(13);
    assertThat(report.path("rows"))
        .allSatisfy(row -> assertThat(row.path("failed").asInt()).isZero());
  }

  @Test
  void repositoriesAreMeasuredBesideGit(Slipway slipway) {
    JsonNode report = bench(slipway, "git", "--megabytes", "1", "--files", "10");

    assertThat(report.path("rows"))
        .extracting(row -> row.path("contestant").asString())
        .containsExactly(
            "into a sandbox, cold",
            "into a sandbox, from a snapshot",
            "git, directly",
            "into a sandbox, cold / git, directly",
            "into a sandbox, from a snapshot / git, directly",
            "out of a sandbox",
            "git, directly",
            "out of a sandbox / git, directly");
  }

  @Test
  void tasksAreMeasuredBesideAScript(Slipway slipway) {
    JsonNode report = bench(slipway, "tasks", "--at-once", "2");

    assertThat(report.path("rows"))
        .extracting(row -> row.path("contestant").asString())
        .containsExactly(
            "Slipway",
            "a shell script",
            "Slipway / a shell script",
            "Slipway, CREATING_SANDBOX",
            "Slipway, CLONING",
            "Slipway, BRANCHING",
            "Slipway, RUNNING",
            "Slipway, COMMITTING",
            "Slipway, PUSHING",
            "Slipway, OPENING_PULL_REQUEST",
            "a shell script, CREATING_SANDBOX",
            "a shell script, CLONING",
            "a shell script, BRANCHING",
            "a shell script, RUNNING",
            "a shell script, COMMITTING",
            "a shell script, PUSHING",
            "a shell script, OPENING_PULL_REQUEST",
            "Slipway");
  }

  private static JsonNode bench(Slipway slipway, String... words) {
    String[] command = new String[words.length + SHORT.length + 1];
    command[0] = "bench";
    System.arraycopy(words, 0, command, 1, words.length);
    System.arraycopy(SHORT, 0, command, words.length + 1, SHORT.length);
    return slipway.plainCommand(command).exited(0).json();
  }
}
