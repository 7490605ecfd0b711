package dev.slipway.pr.task;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task.
///
/// @param id null as long as it was not asked for
/// @param creation id of the wish that it comes of; null likewise
/// @param spec null likewise
/// @param repository null as long as it was not looked at
/// @param pullRequest its one; null as long as it has none
/// @param strays pull requests of its branch that are not its own
/// @param outcome `merged`, `closed`, `no_changes`, `failed` or `cancelled`; null as long as it is
///   not over
/// @param failure why it failed, or what is tried again; null when neither
/// @param requests wishes that changed it or were refused, the newest last; the oldest are
///   forgotten
record TaskState(
    TaskStatus status,
    @Nullable UUID id,
    @Nullable UUID creation,
    @Nullable TaskSpec spec,
    TaskOwner owner,
    Progress attempt,
    @Nullable Repository repository,
    Work work,
    @Nullable TaskPullRequest pullRequest,
    List<Stray> strays,
    @Nullable String outcome,
    @Nullable TaskFailure failure,
    Times times,
    List<UUID> requests) {
  static final TaskState NONE =
      new TaskState(
          TaskStatus.NONE,
          null,
          null,
          null,
          TaskOwner.NONE,
          Progress.NONE,
          null,
          Work.NONE,
          null,
          List.of(),
          null,
          null,
          Times.NONE,
          List.of());

  TaskState {
    strays = List.copyOf(strays);
    requests = List.copyOf(requests);
  }

  /// How far the newest attempt is.
  ///
  /// @param number counts from 1; 0 as long as there was none
  /// @param tries how often it was tried since somebody wished so
  /// @param step null unless it is under way
  /// @param sandboxId the sandbox that was asked for; null as long as none was
  /// @param sandboxRuns whether that has come to run
  /// @param surveyed whether the repository was looked at
  /// @param commands how many commands of the runner have ended with 0
  /// @param opening the operation that opens the pull request; null as long as none does
  /// @param retryAt when it is tried again; null unless it has failed and is
  record Progress(
      int number,
      int tries,
      @Nullable TaskStep step,
      @Nullable UUID sandboxId,
      boolean sandboxRuns,
      boolean surveyed,
      int commands,
      @Nullable UUID opening,
      @Nullable Instant retryAt) {
    static final Progress NONE = new Progress(0, 0, null, null, false, false, 0, null, null);

    Progress next(int next, @Nullable UUID sandbox) {
      return new Progress(
          next, tries + 1, TaskStep.CREATING_SANDBOX, sandbox, false, false, 0, null, null);
    }

    Progress fresh() {
      return new Progress(number, 0, null, sandboxId, false, false, 0, null, null);
    }

    Progress at(TaskStep now) {
      return new Progress(
          number, tries, now, sandboxId, sandboxRuns, surveyed, commands, opening, retryAt);
    }

    Progress in(UUID sandbox) {
      return new Progress(
          number, tries, step, sandbox, sandboxRuns, surveyed, commands, opening, retryAt);
    }

    Progress running() {
      return new Progress(
          number, tries, step, sandboxId, true, surveyed, commands, opening, retryAt);
    }

    Progress looked() {
      return new Progress(
          number, tries, step, sandboxId, sandboxRuns, true, commands, opening, retryAt);
    }

    Progress did(int ended) {
      return new Progress(
          number, tries, step, sandboxId, sandboxRuns, surveyed, ended, opening, retryAt);
    }

    Progress opening(UUID operation) {
      return new Progress(
          number,
          tries,
          TaskStep.OPENING_PULL_REQUEST,
          sandboxId,
          sandboxRuns,
          surveyed,
          commands,
          operation,
          retryAt);
    }

    Progress waiting(Instant until) {
      return new Progress(
          number, tries, step, sandboxId, sandboxRuns, surveyed, commands, null, until);
    }

    Progress over() {
      return new Progress(
          number, tries, null, sandboxId, sandboxRuns, surveyed, commands, null, null);
    }
  }

  /// The repository as GitHub shows it.
  ///
  /// @param fullName `owner/name`
  /// @param url for people
  /// @param defaultBranch null when it has none
  record Repository(
      long id, String fullName, String url, @Nullable String defaultBranch, long sizeKib) {}

  /// What comes of it.
  ///
  /// @param branch its own, for life; null before the first attempt
  /// @param baseBranch what was cloned; null as long as nothing was
  /// @param baseSha likewise
  /// @param tree what the newest commit holds; null as long as there is none
  /// @param head the newest commit, ours or what follows it on the remote; null likewise
  /// @param patch base → head, Base64; null as long as there is none, and when it is too large
  /// @param pushed whether the branch is on the remote
  /// @param shas all commits of ours, the newest last
  /// @param asked what somebody asked for who wanted the pull request by itself; null when nobody
  record Work(
      @Nullable String branch,
      @Nullable String baseBranch,
      @Nullable String baseSha,
      @Nullable String tree,
      @Nullable String head,
      @Nullable String patch,
      boolean pushed,
      List<String> shas,
      @Nullable Asked asked) {
    static final Work NONE = new Work(null, null, null, null, null, null, false, List.of(), null);

    Work {
      shas = List.copyOf(shas);
    }

    Work on(String name) {
      return new Work(name, baseBranch, baseSha, tree, head, patch, pushed, shas, asked);
    }

    Work from(String base, String sha) {
      return new Work(branch, base, sha, tree, head, patch, false, shas, asked);
    }

    Work adopted(String sha) {
      return new Work(branch, baseBranch, baseSha, tree, sha, patch, true, shas, asked);
    }

    Work pushed(String sha) {
      return adopted(sha);
    }

    Work asking(@Nullable Asked wanted) {
      return new Work(branch, baseBranch, baseSha, tree, head, patch, pushed, shas, wanted);
    }
  }

  /// What somebody asked for who wanted the pull request by itself.
  ///
  /// @param head branch that is to be merged
  /// @param texts null for the task's own
  /// @param base null for the task's own
  /// @param labels null for the task's own
  record Asked(
      String head,
      TaskSpec.@Nullable PullRequestTexts texts,
      @Nullable String base,
      @Nullable List<String> labels) {}

  /// A pull request of its branch that is not its own.
  ///
  /// @param settled whether it was closed, or cannot be
  record Stray(long number, boolean settled) {}

  /// When what happened; null what has not.
  ///
  /// @param startedAt when it first began
  /// @param budgetAt when its time began to count
  /// @param reviewedAt when something was last heard of its pull request
  /// @param failedAt when it failed last
  record Times(
      @Nullable Instant createdAt,
      @Nullable Instant assignedAt,
      @Nullable Instant startedAt,
      @Nullable Instant budgetAt,
      @Nullable Instant reviewedAt,
      @Nullable Instant failedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant updatedAt) {
    static final Times NONE = new Times(null, null, null, null, null, null, null, null);

    Times created(Instant at, @Nullable Instant assigned) {
      return new Times(at, assigned, null, null, null, null, null, at);
    }

    Times began(Instant at) {
      return new Times(
          createdAt,
          assignedAt,
          startedAt == null ? at : startedAt,
          at,
          reviewedAt,
          failedAt,
          null,
          at);
    }

    Times assigned(Instant at) {
      return new Times(createdAt, at, startedAt, budgetAt, reviewedAt, failedAt, finishedAt, at);
    }

    Times reviewed(Instant at) {
      return new Times(createdAt, assignedAt, startedAt, budgetAt, at, failedAt, null, at);
    }

    Times failed(Instant at) {
      return new Times(createdAt, assignedAt, startedAt, budgetAt, reviewedAt, at, finishedAt, at);
    }

    Times finished(Instant at) {
      return new Times(createdAt, assignedAt, startedAt, budgetAt, reviewedAt, failedAt, at, at);
    }

    Times updated(Instant at) {
      return new Times(
          createdAt, assignedAt, startedAt, budgetAt, reviewedAt, failedAt, finishedAt, at);
    }
  }

  /// Whether this is the number of one that is not its own.
  boolean hasStray(long number) {
    return strays.stream().anyMatch(stray -> stray.number() == number);
  }

  /// Whether an attempt is under way, and has not failed.
  boolean isTrying() {
    return status == TaskStatus.IN_PROGRESS && attempt.retryAt() == null;
  }

  /// Whether this wish changed it, or was refused, as far as it remembers.
  boolean knows(UUID request) {
    return request.equals(creation) || requests.contains(request);
  }

  /// How far it is, in percent.
  int percent() {
    TaskStep step = attempt.step();
    if (step != TaskStep.RUNNING) {
      return step != null
          ? step.percent()
          : status == TaskStatus.IN_REVIEW || status.isOver() ? 100 : 0;
    }
    int all = TaskStep.COMMITTING.percent() - step.percent();
    return step.percent() + all * attempt.commands() / requireSpec().runner().lines().size();
  }

  UUID requireId() {
    return require(id);
  }

  TaskSpec requireSpec() {
    return require(spec);
  }

  private static <T> T require(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("a task that nobody asked for");
    }
    return part;
  }

  /// The same with these parts.
  TaskState with(TaskPart... parts) {
    TaskState after = this;
    for (TaskPart part : parts) {
      after = after.changed(part);
    }
    return after;
  }

  private TaskState changed(TaskPart part) {
    return new TaskState(
        part instanceof TaskPart.Status(var to) ? to : status,
        part instanceof TaskPart.Made made ? made.id() : id,
        part instanceof TaskPart.Made made ? made.creation() : creation,
        part instanceof TaskPart.Made made ? made.spec() : spec,
        part instanceof TaskPart.Owner(var to) ? to : owner,
        part instanceof TaskPart.Attempted(var to) ? to : attempt,
        part instanceof TaskPart.Repository(var to) ? to : repository,
        part instanceof TaskPart.Work(var to) ? to : work,
        part instanceof TaskPart.PullRequest(var to) ? to : pullRequest,
        part instanceof TaskPart.Strays(var to) ? to : strays,
        part instanceof TaskPart.Outcome(var to) ? to : outcome,
        part instanceof TaskPart.Failure(var to) ? to : failure,
        part instanceof TaskPart.Times(var to) ? to : times,
        part instanceof TaskPart.Remembered(var to) ? to : requests);
  }
}
