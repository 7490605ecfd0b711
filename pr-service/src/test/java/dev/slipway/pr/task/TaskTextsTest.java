package dev.slipway.pr.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pr.opening.Wish;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskTextsTest {
  private static Wish wish(String title, String body, String... labels) {
    TaskSpec spec = Story.spec("make");
    var asked =
        new TaskSpec(
            spec.title(),
            "One.\nTwo.",
            spec.repositoryUrl(),
            spec.runner(),
            "release",
            spec.template(),
            spec.timeoutSeconds(),
            null,
            List.of(labels),
            new PullRequestTexts(title, body, true));
    return TaskTexts.wish(Story.created(asked).state(), "topic");
  }

  @Test
  void templatesAreFilledAndWhatIsNotOursStays() {
    Wish wish =
        wish(
            "[{{execution_id}}] {{ title }}",
            "{{description}}\n${{ secrets.X }} {{task_id}}",
            "of-{{execution_id}}");

    assertThat(wish.title()).isEqualTo("[e-1] Fix it");
    assertThat(wish.body()).isEqualTo("One.\nTwo.\n${{ secrets.X }} " + Story.TASK);
    assertThat(wish.labels()).containsExactly("of-e-1");
    assertThat(wish.base()).isEqualTo("release");
    assertThat(wish.draft()).isTrue();
  }

  @Test
  void aTitleIsOneLineOfNoMoreThanGitHubTakes() {
    assertThat(wish("{{description}}", "").title()).isEqualTo("One. Two.");
    assertThat(wish("{{title}}".repeat(60), "").title()).hasSize(256);
    assertThat(wish("x", "y".repeat(70_000)).body()).hasSize(65_536);
  }

  @Test
  void whatIsFilledInIsNotFilledAgain() {
    TaskSpec spec = Story.spec("make");
    assertThat(wish("$1 \\ {{title}}", "").title()).isEqualTo("$1 \\ " + spec.title());
  }

  @Test
  void theEndOfWhatACommandPrintedFollowsItsExitCode() {
    assertThat(TaskTexts.commandFailed(0, 1, 2, null)).isEqualTo("The command ended with 2.");
    assertThat(TaskTexts.commandFailed(1, 3, 2, "no\n"))
        .isEqualTo("Command 2 of 3 ended with 2.\nno");
  }
}
