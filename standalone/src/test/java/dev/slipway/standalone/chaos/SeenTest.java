package dev.slipway.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SeenTest {
  private static final UUID TASK = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final Work work = new Work(List.of(new Work.Repository("site", "http://git/site")));

  @Test
  void oneOpenPullRequestOfATaskInReviewIsRight() {
    asked(Fate.LEAVE);

    Seen seen = seen("IN_REVIEW", "open");

    assertThat(failed(seen)).isEmpty();
  }

  @Test
  void twoPullRequestsOfATaskAreWrongThoughOneIsClosed() {
    asked(Fate.LEAVE);

    Seen seen = seen("IN_REVIEW", "open", "closed");

    assertThat(failed(seen)).containsExactly("one pull request a task");
  }

  @Test
  void aTaskInReviewWithoutAPullRequestIsWrong() {
    asked(Fate.LEAVE);

    assertThat(failed(seen("IN_REVIEW"))).containsExactly("one pull request a task");
  }

  @Test
  void aTaskThatPeopleCancelledHasNoPullRequestOrAClosedOne() {
    asked(Fate.CANCEL);
    work.done(TASK, Fate.CANCEL);

    assertThat(failed(seen("CANCELLED"))).isEmpty();
    assertThat(failed(seen("CANCELLED", "closed"))).isEmpty();
    assertThat(failed(seen("CANCELLED", "open"))).containsExactly("one pull request a task");
  }

  @Test
  void aTaskThatNobodyCancelledIsWronglyCancelled() {
    asked(Fate.CANCEL);

    assertThat(failed(seen("CANCELLED")))
        .containsExactly(
            "no task failed or cancelled unless planned",
            "merged, closed and cancelled as people did");
  }

  @Test
  void aFailedTaskIsWrongWithItsReason() {
    asked(Fate.LEAVE);

    Check check = seen("FAILED").noneFailed();

    assertThat(check.failures())
        .containsExactly("task %s: FAILED RUNNING (timeout: too slow)".formatted(TASK));
  }

  @Test
  void aTaskOnItsWayIsNotSettled() {
    asked(Fate.LEAVE);

    assertThat(seen("IN_PROGRESS").allSettled().isPassed()).isFalse();
  }

  @Test
  void aMergedOneThatIsStillInReviewIsWaitedFor() {
    asked(Fate.MERGE);
    assertThat(seen("IN_REVIEW", "open").isAsDecided()).as("not merged yet").isFalse();

    work.done(TASK, Fate.MERGE);

    assertThat(seen("IN_REVIEW", "closed").isAsDecided()).isFalse();
    assertThat(seen("DONE", "closed").isAsDecided()).isTrue();
  }

  @Test
  void aTaskThatWasTakenAndIsNotThereIsLost() {
    asked(Fate.LEAVE);
    work.taken(OTHER, task(1, Fate.LEAVE));

    assertThat(seen("IN_REVIEW", "open").conserved().failures())
        .containsExactly("task %s was taken and is not there".formatted(OTHER));
  }

  @Test
  void aTaskThatNobodyAskedForIsWrong() {
    assertThat(seen("TODO").conserved().failures())
        .containsExactly("task %s was never asked for".formatted(TASK));
  }

  @Test
  void theWorkOfATaskIsItsFileAlone() {
    PlannedTask task = task(7, Fate.LEAVE);
    JsonNode own = file("changes/task-7.txt", "@@ -0,0 +1 @@\n+the work of task 7");
    JsonNode foreign = file("changes/task-8.txt", "@@ -0,0 +1 @@\n+the work of task 8");

    assertThat(FinalChecks.isWorkOf(task, List.of(own))).isTrue();
    assertThat(FinalChecks.isWorkOf(task, List.of(own, foreign))).isFalse();
    assertThat(FinalChecks.isWorkOf(task, List.of(foreign))).isFalse();
    assertThat(FinalChecks.isWorkOf(task, List.of())).isFalse();
  }

  @Test
  void aSandboxIsOwnedByATaskThatGoesOn() {
    asked(Fate.LEAVE);
    JsonNode row = row("RUNNING", "box-1", TASK);
    List<JsonNode> running = List.of(json(Map.of("sandboxID", "box-1")));

    assertThat(FinalChecks.unowned(seen("IN_REVIEW", "open"), List.of(row), running)).isEmpty();
    assertThat(FinalChecks.unowned(seen("DONE", "closed"), List.of(row), running)).hasSize(1);
    assertThat(FinalChecks.unowned(seen("IN_REVIEW", "open"), List.of(), running))
        .containsExactly("box-1 runs at the provider and is nobody's");
    assertThat(
            FinalChecks.unowned(
                seen("DONE", "closed"), List.of(row("TERMINATED", "box-1", TASK)), List.of()))
        .isEmpty();
  }

  private void asked(Fate fate) {
    work.taken(TASK, task(0, fate));
  }

  private static PlannedTask task(int number, Fate fate) {
    return new PlannedTask(number, fate, false, Duration.ZERO);
  }

  private Seen seen(String state, String... pulls) {
    Map<String, Object> task = new HashMap<>();
    task.put("task_id", TASK.toString());
    task.put("state", state);
    task.put("step", "RUNNING");
    if (state.equals("FAILED")) {
      task.put("failure", Map.of("code", "timeout", "message", "too slow"));
    }
    return new Seen(
        work,
        Map.of(TASK, json(task)),
        Map.of(TASK, Arrays.stream(pulls).map(pull -> json(Map.of("state", pull))).toList()));
  }

  private static List<String> failed(Seen seen) {
    return Stream.of(seen.onePullRequest(), seen.noneFailed(), seen.asDecided(), seen.conserved())
        .filter(check -> !check.isPassed())
        .map(Check::name)
        .toList();
  }

  private static JsonNode file(String name, String patch) {
    return json(Map.of("filename", name, "status", "added", "additions", 1, "patch", patch));
  }

  private static JsonNode row(String state, String externalId, UUID task) {
    return json(
        Map.of(
            "sandbox_id",
            "s",
            "state",
            state,
            "external_id",
            externalId,
            "context",
            Map.of("task_id", task.toString())));
  }

  private static JsonNode json(Object value) {
    return JsonMapper.shared().valueToTree(value);
  }
}
