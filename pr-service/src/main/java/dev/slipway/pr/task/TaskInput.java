package dev.slipway.pr.task;

import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import dev.slipway.pr.task.TaskState.Repository;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a task can be told. Wishes name the request or the record that brings them.
sealed interface TaskInput {
  /// Make it.
  ///
  /// @param start whether it begins at once
  record Create(UUID request, UUID task, TaskSpec spec, TaskOwner owner, boolean start)
      implements TaskInput {}

  /// A wish that nobody may have, as it is.
  ///
  /// @param message what is wrong with it
  record Refused(UUID request, String message) implements TaskInput {}

  /// Begin with it.
  ///
  /// @param agentId who does it; null for whom it was made for
  record Assign(UUID request, @Nullable String agentId) implements TaskInput {}

  /// It is no longer wanted.
  record Cancel(UUID request) implements TaskInput {}

  /// Try again what failed or was cancelled.
  record Retry(UUID request) implements TaskInput {}

  /// Open its pull request by itself.
  ///
  /// @param operation that does it
  /// @param head null for the branch that it pushed; what else is null is the task's own
  record Open(
      UUID operation,
      @Nullable String head,
      @Nullable PullRequestTexts texts,
      @Nullable String base,
      @Nullable List<String> labels)
      implements TaskInput {}

  /// An operation is no longer wanted.
  record CancelOperation(UUID operation) implements TaskInput {}

  /// The creation would take an id that another has.
  record IdTaken(UUID request) implements TaskInput {}

  /// An instant that it waited for.
  record Due(String name) implements TaskInput {}

  /// Something became of its sandbox, or of what was asked of that.
  record Told(UUID sandbox, SandboxTelling telling) implements TaskInput {}

  /// Its repository was looked at.
  ///
  /// @param canPush whether the credential may
  /// @param tip commit that its branch is at; null when it is not there
  /// @param isOurs whether that is a commit of the task, or descends from one
  /// @param known its pull request, if its branch is gone and it has one; null else
  record Surveyed(
      UUID operation,
      Repository repository,
      boolean canPush,
      @Nullable String tip,
      boolean isOurs,
      @Nullable TaskPullRequest known)
      implements TaskInput {}

  /// Its branch has a pull request.
  ///
  /// @param adopted whether it was there
  /// @param answers of GitHub that tell of pull requests, in the order in which they were read
  record Opened(
      UUID operation,
      Repository repository,
      TaskPullRequest pullRequest,
      boolean adopted,
      List<Observation> answers)
      implements TaskInput {
    public Opened {
      answers = List.copyOf(answers);
    }
  }

  /// A pull request was closed or read.
  ///
  /// @param pullRequest as GitHub shows it then
  /// @param answers as [Opened] has them
  record Read(UUID operation, TaskPullRequest pullRequest, List<Observation> answers)
      implements TaskInput {
    public Read {
      answers = List.copyOf(answers);
    }
  }

  /// An operation was not done, because it was no longer wanted.
  record OperationCancelled(UUID operation) implements TaskInput {}

  /// An operation ended without an outcome of its own.
  record OperationFailed(UUID operation, TaskFailure failure) implements TaskInput {}

  /// There is a pull request that has its number, or whose head is its branch.
  record Seen(TaskPullRequest pullRequest) implements TaskInput {}
}
