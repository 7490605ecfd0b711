package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TaskStoryTest {
  private static final Instant BEGAN = Instant.parse("2026-01-02T03:04:00Z");

  private static List<String> of(TaskStory story, String seconds, String type, String data) {
    return story.of(
        JsonMapper.shared()
            .readTree(
                """
                {"type":"%s","time":"2026-01-02T03:04:%sZ","data":%s}
                """
                    .formatted(type, seconds, data)));
  }

  private static String step(String state, String step, String message) {
    return """
    {"state":"%s","step":%s,"message":"%s","pull_request":{"url":"https://forge.test/pull/1"}}
    """
        .formatted(state, step, message);
  }

  @Test
  void stepsAndOutputAreLinesAndHowLongEachStepTookIsKept() {
    var story = new TaskStory(Ink.NONE, "", BEGAN);

    assertThat(of(story, "00.400", "task.step", step("IN_PROGRESS", "\"CLONING\"", "Made.")))
        .containsExactly("    0.4 s  cloning              Made.");
    assertThat(of(story, "01.000", "task.step", step("IN_PROGRESS", "\"RUNNING\"", "Cloned.")))
        .containsExactly("    1.0 s  running              Cloned.");
    assertThat(
            of(story, "01.100", "command.started", "{\"operation_id\":\"o\",\"command\":\"ls\"}"))
        .containsExactly("    1.1 s                       $ ls");
    assertThat(
            of(
                story,
                "01.200",
                "command.output",
                "{\"operation_id\":\"o\",\"stream\":\"stdout\",\"text\":\"one\\ntw\",\"skipped_bytes\":3}"))
        .containsExactly(
            "                                | … 3 bytes are not shown",
            "                                | one");
    assertThat(
            of(
                story,
                "01.300",
                "command.output",
                "{\"operation_id\":\"o\",\"stream\":\"stdout\",\"text\":\"o\\u001b[2J\"}"))
        .isEmpty();
    assertThat(
            of(
                story,
                "03.500",
                "command.completed",
                "{\"operation_id\":\"o\",\"exit_code\":0,\"duration_ms\":2400}"))
        .containsExactly(
            "                                | two\\u001b[2J",
            "    3.5 s                       exit 0 (2.4 s)");
    assertThat(of(story, "04.000", "task.in_review", step("IN_REVIEW", "null", "Opened.")))
        .containsExactly("    4.0 s  in review            Opened.  https://forge.test/pull/1");
    assertThat(story.times().in("CLONING")).isEqualTo(Duration.ofMillis(600));
    assertThat(story.times().in("RUNNING")).isEqualTo(Duration.ofSeconds(3));
    assertThat(story.times().text()).isEqualTo("cloning 0.6 s · running 3.0 s");
  }

  @Test
  void theEndOfTheSandboxAndWhatBecomesOfThePullRequestAreTold() {
    var story = new TaskStory(Ink.NONE, "#2", BEGAN);

    assertThat(
            of(
                story,
                "05.000",
                "pull_request.merged",
                "{\"number\":7,\"actor\":\"ada\",\"checks\":null}"))
        .containsExactly("    5.0 s  #2   pull request         #7 merged by ada");
    assertThat(of(story, "05.000", "pull_request.opened", "{\"number\":7}")).isEmpty();
    assertThat(
            of(
                story,
                "06.000",
                "sandbox.terminated",
                "{\"runtime_seconds\":5.5,\"kill_reason\":\"task_finished\"}"))
        .containsExactly(
            "    6.0 s  #2   sandbox              removed after 5.5 s (task_finished)");
  }

  @Test
  void coloursAreForTerminalsThatWantThemAndNothingThatComesFromOutsideMakesAny() {
    assertThat(Ink.of(Map.of(), true).bad("x\u001b[0m"))
        .isEqualTo("\u001b[31mx\\u001b[0m\u001b[0m");
    assertThat(Ink.of(Map.of("NO_COLOR", ""), true).colours()).isTrue();
    for (Ink plain :
        List.of(
            Ink.of(Map.of(), false),
            Ink.of(Map.of("NO_COLOR", "1"), true),
            Ink.of(Map.of("TERM", "dumb"), true))) {
      assertThat(plain.bad("x\u001b[0m")).isEqualTo("x\\u001b[0m");
    }
  }
}
