package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pr.task.TaskState.Progress;
import dev.slipway.pr.task.TaskState.Work;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an attempt does, one thing after another. Pure.
///
/// | what comes | what follows |
/// |---|---|
/// | a beginning | the repository is looked at; a sandbox is made at the same time, unless something may have been pushed |
/// | the repository; its branch is not there | clone and branch, behind the sandbox's creation |
/// | the repository; its branch has what the task pushed | the pull request |
/// | the repository; its branch has anything else | failed: `branch_diverged` |
/// | the branch | the first command |
/// | a command that ended with 0 | the next one; after the last the commit |
/// | a command that ended otherwise | failed: `command_failed` |
/// | the commit; nothing to commit | the push; done: `no_changes` |
/// | the push | the pull request |
/// | what may pass by itself, a sandbox that was lost | another attempt, a few times |
///
/// Whatever is told of an earlier attempt or of what somebody else did changes nothing.
final class Attempts {
  private static final String LOST = "sandbox_lost";
  private static final Instant FIRST_DATE = Instant.parse("2001-01-01T00:00:00Z");
  private static final Instant LAST_DATE = Instant.parse("2099-12-31T00:00:00Z");
  private static final TaskFailure CANCELLED =
      TaskFailure.lasting(
          "cancelled",
          "Somebody cancelled what was done in its sandbox: retry if it was not meant.");

  private Attempts() {}

  /// Whose attempt it is.
  record Subject(UUID task, TaskSpec spec, TaskOwner owner, Work work) {
    /// For life, whatever the prefix is by now.
    String branch(TaskRules rules) {
      return work.branch() == null ? rules.branchPrefix().branchOf(task.toString()) : work.branch();
    }

    static Subject of(TaskState state, TaskOwner owner) {
      return new Subject(state.requireId(), state.requireSpec(), owner, state.work());
    }
  }

  /// Another attempt, after these.
  static Decision<TaskEvent> begin(
      List<TaskEvent> before, Subject subject, int number, TaskRules rules) {
    var events = new ArrayList<>(before);
    boolean mayBePushed = !subject.work.shas().isEmpty();
    UUID sandbox = mayBePushed ? null : TaskIds.sandbox(subject.task, number);
    String branch = subject.branch(rules);
    events.add(new TaskEvent.AttemptBegun(number, branch, sandbox));
    Decision<TaskEvent> decision =
        Decision.of(events)
            .with(
                new TaskOperation.Survey(
                    TaskIds.survey(subject.task, number),
                    subject.spec.repositoryUrl(),
                    branch,
                    subject.work.shas()));
    return sandbox == null
        ? decision
        : decision.with(new SandboxWish.Create(sandbox, subject.owner, subject.spec));
  }

  static Decision<TaskEvent> again(TaskState state, TaskRules rules) {
    return begin(List.of(), Subject.of(state, state.owner()), state.attempt().number() + 1, rules);
  }

  static Decision<TaskEvent> surveyed(TaskState state, TaskInput.Surveyed found) {
    Progress attempt = state.attempt();
    if (!state.isTrying()
        || attempt.surveyed()
        || !found.operation().equals(TaskIds.survey(state.requireId(), attempt.number()))) {
      return Decision.nothing();
    }
    var read = new TaskEvent.RepositoryRead(found.repository());
    if (found.known() != null) {
      return Endings.cleared(
          state, Decision.of(List.of(read, Endings.event(found.known()))), false);
    }
    String tip = found.tip();
    if (tip != null && found.isOurs()) {
      TaskState after = state.with(new TaskPart.Work(state.work().adopted(tip)));
      return Decision.<TaskEvent>of(List.of(read, new TaskEvent.BranchAdopted(tip)))
          .with(opening(after));
    }
    TaskFailure refusal = refusal(state, found);
    if (refusal != null) {
      return Endings.cleared(
          state, Decision.of(List.of(read, new TaskEvent.Failed(refusal))), false);
    }
    return cloning(state, read);
  }

  private static @Nullable TaskFailure refusal(TaskState state, TaskInput.Surveyed found) {
    if (found.tip() != null) {
      return TaskFailure.lasting(
          "branch_diverged",
          "Somebody else has branch %s on the remote: remove it, then retry."
              .formatted(branch(state)));
    }
    return found.canPush()
        ? null
        : TaskFailure.lasting(
            "forbidden",
            "The credential may not push to %s, or it is archived: give it write access, then retry."
                .formatted(found.repository().fullName()));
  }

  private static Decision<TaskEvent> cloning(TaskState state, TaskEvent read) {
    UUID id = state.requireId();
    TaskSpec spec = state.requireSpec();
    TaskOwner owner = state.owner();
    UUID made = state.attempt().sandboxId();
    UUID sandbox = made == null ? TaskIds.sandbox(id, state.attempt().number()) : made;
    Decision<TaskEvent> decision =
        made == null
            ? Decision.<TaskEvent>of(List.of(read, new TaskEvent.SandboxAsked(sandbox)))
                .with(new SandboxWish.Create(sandbox, owner, spec))
            : Decision.of(read);
    return decision
        .with(new SandboxWish.Clone(sandbox, owner, spec))
        .with(new SandboxWish.Branch(sandbox, owner, spec.path(), branch(state)));
  }

  static Decision<TaskEvent> told(TaskState state, TaskInput.Told told, TaskRules rules) {
    UUID sandbox = told.sandbox();
    if (!state.isTrying() || !sandbox.equals(state.attempt().sandboxId())) {
      return Decision.nothing();
    }
    if (state.attempt().step() == TaskStep.OPENING_PULL_REQUEST) {
      return Decision.nothing(); // it has done what it was for
    }
    return switch (told.telling()) {
      case SandboxTelling.Runs _ ->
          state.attempt().sandboxRuns()
              ? Decision.nothing()
              : Decision.of(new TaskEvent.SandboxReady());
      case SandboxTelling.NotMade(var failure) -> Endings.attemptFailed(state, failure, rules);
      case SandboxTelling.Ended(var reason) -> ended(state, reason, rules);
      case SandboxTelling.Refused refused -> refused(state, refused, rules);
      case SandboxTelling.Abandoned(var operation) ->
          isAsked(state, sandbox, operation)
              ? Endings.failed(state, CANCELLED)
              : Decision.nothing();
      case SandboxTelling.Cloned(var operation, var path, var branch, var sha) ->
          isOf(sandbox, operation, "clone", 0)
              ? next(state, TaskStep.CLONING, new TaskEvent.Cloned(path, branch, sha))
              : Decision.nothing();
      case SandboxTelling.BranchMade(var operation) ->
          isOf(sandbox, operation, "branch", 0) && state.attempt().step() == TaskStep.BRANCHING
              ? Decision.<TaskEvent>of(new TaskEvent.BranchMade()).with(run(state, sandbox, 0))
              : Decision.nothing();
      case SandboxTelling.CommandEnded ended -> commandEnded(state, sandbox, ended, rules);
      case SandboxTelling.Committed committed -> committed(state, sandbox, committed);
      case SandboxTelling.Pushed(var operation, var sha) ->
          isOf(sandbox, operation, "push", 0) && state.attempt().step() == TaskStep.PUSHING
              ? Decision.<TaskEvent>of(new TaskEvent.Pushed(sha)).with(opening(state))
              : Decision.nothing();
      case SandboxTelling.GitFailed(var operation, var failure) ->
          gitFailed(state, sandbox, operation, failure, rules);
    };
  }

  private static boolean isOf(UUID sandbox, UUID operation, String what, int n) {
    return operation.equals(TaskIds.inSandbox(sandbox, what, n));
  }

  private static Decision<TaskEvent> next(TaskState state, TaskStep in, TaskEvent event) {
    TaskStep step = state.attempt().step();
    return step == in || (in == TaskStep.CLONING && step == TaskStep.CREATING_SANDBOX)
        ? Decision.of(event)
        : Decision.nothing();
  }

  private static Decision<TaskEvent> ended(TaskState state, String reason, TaskRules rules) {
    return switch (reason) {
      case "expired" ->
          Endings.failed(
              state,
              TaskFailure.lasting(
                  "timeout",
                  "Its sandbox lived for %d seconds, and the work was not done: give it more as sandbox_seconds."
                      .formatted(state.requireSpec().sandboxLife())));
      case "requested" ->
          Endings.failed(
              state,
              TaskFailure.lasting(LOST, "Somebody ended its sandbox: retry if it was not meant."));
      default ->
          Endings.attemptFailed(
              state, TaskFailure.passing(LOST, "Its sandbox is gone: " + reason + "."), rules);
    };
  }

  private static Decision<TaskEvent> refused(
      TaskState state, SandboxTelling.Refused refused, TaskRules rules) {
    UUID sandbox = state.attempt().sandboxId();
    if (sandbox == null || !isAsked(state, sandbox, refused.operation())) {
      return Decision.nothing();
    }
    // one that ends is told of before: what does not do what it is asked is paused, or full
    boolean isGone = Set.of("not_found", "conflict").contains(refused.code());
    String message = "Its sandbox does not do it: " + refused.message();
    return Endings.attemptFailed(
        state,
        isGone ? TaskFailure.passing(LOST, message) : TaskFailure.lasting(refused.code(), message),
        rules);
  }

  private static boolean isAsked(TaskState state, UUID sandbox, UUID operation) {
    return List.of("create", "clone", "branch", "commit", "push").stream()
            .anyMatch(what -> isOf(sandbox, operation, what, 0))
        || isOf(sandbox, operation, "run", state.attempt().commands());
  }

  private static Decision<TaskEvent> commandEnded(
      TaskState state, UUID sandbox, SandboxTelling.CommandEnded ended, TaskRules rules) {
    int index = state.attempt().commands();
    int of = state.requireSpec().runner().lines().size();
    if (state.attempt().step() != TaskStep.RUNNING
        || !isOf(sandbox, ended.operation(), "run", index)) {
      return Decision.nothing();
    }
    Integer exitCode = ended.exitCode();
    if (exitCode != null && exitCode == 0 && ended.failure() == null && !ended.cancelled()) {
      Decision<TaskEvent> decision = Decision.of(new TaskEvent.CommandEnded(index));
      return index + 1 < of
          ? decision.with(run(state, sandbox, index + 1))
          : decision.with(commit(state, sandbox));
    }
    if (ended.cancelled()) {
      return Endings.failed(state, CANCELLED);
    }
    TaskFailure failure = ended.failure();
    if (failure != null) {
      // nobody can tell how far it came there: in another sandbox nothing of it is left
      boolean isPassing = failure.retryable() || failure.code().equals("command_lost");
      return Endings.attemptFailed(
          state,
          new TaskFailure(failure.code(), withTail(failure.message(), ended.tail()), isPassing),
          rules);
    }
    return Endings.failed(
        state,
        TaskFailure.lasting(
            "command_failed",
            exitCode == null
                ? withTail("A signal ended the command.", ended.tail())
                : TaskTexts.commandFailed(index, of, exitCode, ended.tail())));
  }

  private static String withTail(String message, @Nullable String tail) {
    return tail == null || tail.isBlank() ? message : message + "\n" + tail.stripTrailing();
  }

  private static Decision<TaskEvent> committed(
      TaskState state, UUID sandbox, SandboxTelling.Committed committed) {
    if (state.attempt().step() != TaskStep.COMMITTING
        || !isOf(sandbox, committed.operation(), "commit", 0)) {
      return Decision.nothing();
    }
    return Decision.<TaskEvent>of(
            new TaskEvent.Committed(
                committed.tree(),
                committed.sha(),
                committed.parent(),
                committed.files(),
                committed.patch()))
        .with(new SandboxWish.Push(sandbox, state.owner(), state.requireSpec().path()));
  }

  private static Decision<TaskEvent> gitFailed(
      TaskState state, UUID sandbox, UUID operation, TaskFailure failure, TaskRules rules) {
    if (!isAsked(state, sandbox, operation)) {
      return Decision.nothing();
    }
    if (isOf(sandbox, operation, "commit", 0) && failure.code().equals("nothing_to_commit")) {
      return Endings.done(state, "no_changes");
    }
    return mayBeOurs(state, sandbox, operation, failure)
        ? Endings.again(state, failure, rules.minBackoff())
        : Endings.attemptFailed(state, failure, rules);
  }

  /// Whether a push of an earlier attempt may have come late: whoever looks again finds it, or that
  /// it is somebody else's.
  private static boolean mayBeOurs(
      TaskState state, UUID sandbox, UUID operation, TaskFailure failure) {
    int shas = state.work().shas().size();
    return switch (failure.code()) {
      case "branch_diverged", "non_fast_forward" ->
          isOf(sandbox, operation, "push", 0) && shas > 1; // the newest is this attempt's own
      default -> false;
    };
  }

  private static SandboxWish run(TaskState state, UUID sandbox, int index) {
    TaskSpec spec = state.requireSpec();
    return new SandboxWish.Run(
        sandbox,
        state.owner(),
        spec.path(),
        index,
        spec.runner().lines().get(index),
        spec.timeoutSeconds());
  }

  private static SandboxWish commit(TaskState state, UUID sandbox) {
    TaskSpec spec = state.requireSpec();
    Instant created = state.times().createdAt();
    return new SandboxWish.Commit(
        sandbox,
        state.owner(),
        spec.path(),
        TaskTexts.commitMessage(state.requireId(), spec),
        dated(created));
  }

  /// Whatever clock the wish was dated by: git's dates have an end.
  private static Instant dated(@Nullable Instant created) {
    Instant at = created == null || created.isBefore(FIRST_DATE) ? FIRST_DATE : created;
    return (at.isAfter(LAST_DATE) ? LAST_DATE : at).truncatedTo(ChronoUnit.SECONDS);
  }

  private static TaskOperation opening(TaskState state) {
    return new TaskOperation.Open(
        TaskIds.opening(state.requireId(), state.attempt().number()),
        TaskTexts.wish(state, branch(state)),
        true);
  }

  private static String branch(TaskState state) {
    return Objects.requireNonNull(state.work().branch(), "an attempt has a branch");
  }
}
