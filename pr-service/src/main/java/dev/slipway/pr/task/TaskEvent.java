package dev.slipway.pr.task;

import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import dev.slipway.pr.task.TaskState.Repository;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a task is the fold of.
sealed interface TaskEvent {
  record Created(UUID task, UUID request, TaskSpec spec, TaskOwner owner) implements TaskEvent {}

  /// It begins.
  ///
  /// @param request null when it began with its creation
  record Assigned(@Nullable UUID request, @Nullable String agentId) implements TaskEvent {}

  record Retried(UUID request) implements TaskEvent {}

  /// It is tried.
  ///
  /// @param branch for what comes out
  /// @param sandboxId null when the repository is looked at first
  record AttemptBegun(int number, String branch, @Nullable UUID sandboxId) implements TaskEvent {}

  record RepositoryRead(Repository repository) implements TaskEvent {}

  /// What an earlier attempt pushed is there.
  record BranchAdopted(String sha) implements TaskEvent {}

  record SandboxAsked(UUID sandboxId) implements TaskEvent {}

  record SandboxReady() implements TaskEvent {}

  record Cloned(String path, String branch, String sha) implements TaskEvent {}

  record BranchMade() implements TaskEvent {}

  /// A command of its runner ended with 0.
  record CommandEnded(int index) implements TaskEvent {}

  /// What was changed is a commit.
  ///
  /// @param patch Base64; null when it is too large
  record Committed(String tree, String sha, String parent, int files, @Nullable String patch)
      implements TaskEvent {
    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Committed[%s, %d files]".formatted(sha, files);
    }
  }

  record Pushed(String sha) implements TaskEvent {}

  /// Somebody asked for its pull request by itself.
  record OpeningAsked(
      UUID operation,
      String head,
      @Nullable PullRequestTexts texts,
      @Nullable String base,
      @Nullable List<String> labels)
      implements TaskEvent {}

  /// What was tried failed, and is tried again.
  record AttemptFailed(TaskFailure failure, Duration retryAfter) implements TaskEvent {}

  record InReview(TaskPullRequest pullRequest, boolean adopted) implements TaskEvent {}

  record PullRequestChanged(TaskPullRequest pullRequest) implements TaskEvent {}

  /// It is read from GitHub, because nothing was heard of it for long.
  record PullRequestLookedAt() implements TaskEvent {}

  /// There is a pull request of its branch that is not its own: it is closed.
  record StrayFound(long number) implements TaskEvent {}

  /// That was closed, or could not be.
  ///
  /// @param reason why it was not; null when it was
  record StrayClosed(long number, @Nullable TaskFailure reason) implements TaskEvent {}

  /// It is done.
  ///
  /// @param outcome `merged` or `no_changes`
  /// @param pullRequest null when there is none
  record Done(String outcome, @Nullable TaskPullRequest pullRequest) implements TaskEvent {}

  record Failed(TaskFailure failure) implements TaskEvent {}

  /// It is no longer wanted.
  ///
  /// @param request null when nobody began with it in time
  record Cancelled(@Nullable UUID request) implements TaskEvent {}

  record Closed(TaskPullRequest pullRequest) implements TaskEvent {}

  /// A wish cannot be.
  ///
  /// @param code `invalid`, `not_found`, `conflict` or `illegal_state`
  record Rejected(UUID request, String code, String message) implements TaskEvent {}
}
