package dev.slipway.pr.task;

import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.core.Command;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.core.Operation;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import dev.slipway.pr.task.TaskState.Repository;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task that is told one thing after another, and what it has asked for so far.
final class Story {
  static final UUID TASK = UUID.fromString("0199d5a0-0000-7000-8000-000000000001");
  static final TaskRules RULES =
      new TaskRules(new BranchPrefix("slipway/"), 3, Duration.ofSeconds(5), Duration.ofSeconds(8));
  static final TaskDecider DECIDER = new TaskDecider(RULES);
  static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  static final Repository SITE =
      new Repository(42, "acme/site", "https://github.test/acme/site", "main", 7);
  static final TaskFailure PASSING = TaskFailure.passing("unavailable", "Away.");
  static final TaskFailure LASTING = TaskFailure.lasting("auth_failed", "No.");

  private TaskState state = TaskState.NONE;
  private Decision<TaskEvent> last = Decision.nothing();
  private final List<TaskEvent> events = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private int seconds;

  static TaskSpec spec(String... commands) {
    return new TaskSpec(
        "Fix it",
        "The whole of it.",
        "https://github.test/acme/site",
        new Runner.Commands(List.of(commands)),
        null,
        "base",
        3_600,
        null,
        List.of("bot"),
        PullRequestTexts.NONE);
  }

  static Story created() {
    return created(spec("make", "make test"));
  }

  static Story created(TaskSpec spec) {
    return new Story().tell(new TaskInput.Create(request(1), TASK, spec, owner(), false));
  }

  static Story started() {
    return new Story()
        .tell(new TaskInput.Create(request(1), TASK, spec("make", "make test"), owner(), true));
  }

  static TaskOwner owner() {
    return new TaskOwner("alice", "e-1", "q-1", null, null);
  }

  static Story running() {
    return started().surveyed(null, false).told(new SandboxTelling.Runs()).cloned().branched();
  }

  static Story pushing() {
    return running().ran(0).ran(1).committed("aaaa");
  }

  static Story opening() {
    return pushing().pushed("aaaa");
  }

  static Story inReview() {
    return opening().opened(7, TaskPullRequest.State.OPEN);
  }

  static UUID request(int n) {
    return new UUID(1, n);
  }

  Story tell(TaskInput input) {
    last = DECIDER.decide(state, input);
    for (TaskEvent event : last.events()) {
      seconds++;
      events.add(event);
      state =
          DECIDER.evolve(
              state, new Numbered<>(event, null, 0, AT.plusSeconds(seconds), new UUID(0, 0)));
    }
    commands.addAll(last.commands());
    operations.addAll(last.operations());
    return this;
  }

  Story told(SandboxTelling telling) {
    return tell(new TaskInput.Told(sandbox(), telling));
  }

  Story surveyed(@Nullable String tip, boolean isOurs) {
    return tell(new TaskInput.Surveyed(survey(), SITE, true, tip, isOurs, null));
  }

  Story cloned() {
    return told(new SandboxTelling.Cloned(in("clone", 0), "/home/user/site", "main", "base"));
  }

  Story branched() {
    return told(new SandboxTelling.BranchMade(in("branch", 0)));
  }

  Story ran(int index) {
    return told(new SandboxTelling.CommandEnded(in("run", index), 0, null, null, false));
  }

  Story committed(String sha) {
    return told(
        new SandboxTelling.Committed(in("commit", 0), "tree-" + sha, sha, "base", 2, "cGF0Y2g="));
  }

  Story pushed(String sha) {
    return told(new SandboxTelling.Pushed(in("push", 0), sha));
  }

  Story opened(long number, TaskPullRequest.State as) {
    UUID operation = state.attempt().opening();
    return tell(
        new TaskInput.Opened(
            operation == null ? new UUID(0, 9) : operation,
            SITE,
            pullRequest(number, as),
            false,
            List.of()));
  }

  Story seen(long number, TaskPullRequest.State as) {
    return tell(new TaskInput.Seen(pullRequest(number, as)));
  }

  static TaskPullRequest pullRequest(long number, TaskPullRequest.State as) {
    return new TaskPullRequest(number, "https://github.test/acme/site/pull/" + number, as);
  }

  UUID sandbox() {
    UUID sandbox = state.attempt().sandboxId();
    return sandbox == null ? new UUID(0, 8) : sandbox;
  }

  UUID survey() {
    return TaskIds.survey(TASK, state.attempt().number());
  }

  UUID in(String what, int n) {
    return TaskIds.inSandbox(sandbox(), what, n);
  }

  TaskState state() {
    return state;
  }

  /// What came of what it was told last.
  Decision<TaskEvent> last() {
    return last;
  }

  List<TaskEvent> events() {
    return events;
  }

  List<Command> commands() {
    return commands;
  }

  List<Operation> operations() {
    return operations;
  }
}
