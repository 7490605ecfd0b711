package dev.slipway.pr.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskJsonTest {
  @Test
  void aStateIsReadAsItWasWritten() {
    for (TaskState state :
        new TaskState[] {
          TaskState.NONE,
          Story.created().state(),
          Story.pushing().state(),
          Story.inReview().seen(8, TaskPullRequest.State.OPEN).state()
        }) {
      assertThat(TaskJson.state(TaskJson.write(state))).isEqualTo(state);
    }
  }

  @Test
  void anOperationIsReadAsItWasWritten() {
    Story story = Story.opening();
    var open = (TaskOperation.Open) story.last().operations().getFirst();
    var survey = (TaskOperation.Survey) story.operations().getFirst();

    assertThat(TaskJson.operation(TaskJson.write(open), TaskOperation.Open.class)).isEqualTo(open);
    assertThat(TaskJson.operation(TaskJson.write(survey), TaskOperation.Survey.class))
        .isEqualTo(survey);
  }

  @Test
  void aRunnerKeepsItsKind() {
    var cli =
        new Runner.Cli(
            "agent --yes", Map.of("KEY", "secret://file/key"), "Do it", Runner.PromptVia.FILE);
    TaskState state = Story.created(withRunner(cli)).state();

    assertThat(TaskJson.state(TaskJson.write(state)).requireSpec().runner()).isEqualTo(cli);
  }

  private static TaskSpec withRunner(Runner runner) {
    TaskSpec spec = Story.spec("make");
    return new TaskSpec(
        spec.title(),
        spec.description(),
        spec.repositoryUrl(),
        runner,
        spec.baseBranch(),
        spec.template(),
        spec.timeoutSeconds(),
        spec.sandboxSeconds(),
        spec.labels(),
        spec.pullRequest());
  }
}
