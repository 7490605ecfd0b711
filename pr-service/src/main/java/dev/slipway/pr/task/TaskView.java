package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.web.ContextView;
import dev.slipway.web.operation.FailureView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task as the API shows it.
///
/// @param step null unless it is in progress
/// @param baseBranch null as long as nobody said, and the repository was not looked at
/// @param branch what is to be merged; null before the first attempt
/// @param sandboxId of the newest attempt
/// @param headSha its newest commit
/// @param failure why it failed, or what is tried again; null when neither
/// @param attempt counts from 1; 0 before the first
/// @param deadlineAt when it is next done something about, if nothing happens; null once it is over
record TaskView(
    UUID taskId,
    String title,
    @Nullable String description,
    TaskStatus state,
    @Nullable String step,
    int progressPercent,
    RepositoryView repository,
    @Nullable String baseBranch,
    @Nullable String branch,
    RunnerView runner,
    @Nullable String agentId,
    @Nullable UUID sandboxId,
    @Nullable String headSha,
    @Nullable PullRequestView pullRequest,
    @Nullable String outcome,
    @Nullable FailureView failure,
    int attempt,
    @Nullable Instant deadlineAt,
    @Nullable Instant createdAt,
    @Nullable Instant assignedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant updatedAt,
    List<String> labels,
    ContextView context,
    long version) {

  static TaskView of(AggregateId id, TaskState state, long version, TaskDeadlines deadlines) {
    TaskSpec spec = state.requireSpec();
    TaskState.Progress attempt = state.attempt();
    TaskState.Times times = state.times();
    return new TaskView(
        state.requireId(),
        spec.title(),
        spec.description(),
        state.status(),
        attempt.step() == null ? null : attempt.step().name(),
        state.percent(),
        RepositoryView.of(state),
        baseBranch(state),
        branch(state.work()),
        RunnerView.of(spec.runner()),
        state.owner().agentId(),
        attempt.sandboxId(),
        state.work().head(),
        PullRequestView.of(state.pullRequest()),
        state.outcome(),
        failure(state.failure(), times),
        attempt.number(),
        deadlines.of(state).values().stream().min(Comparator.naturalOrder()).orElse(null),
        times.createdAt(),
        times.assignedAt(),
        times.startedAt(),
        times.finishedAt(),
        times.updatedAt(),
        spec.labels(),
        context(id, state),
        version);
  }

  private static @Nullable String branch(TaskState.Work work) {
    return work.asked() == null ? work.branch() : work.asked().head();
  }

  private static @Nullable String baseBranch(TaskState state) {
    TaskState.Repository repository = state.repository();
    if (state.requireSpec().baseBranch() != null) {
      return state.requireSpec().baseBranch();
    }
    return state.work().baseBranch() != null || repository == null
        ? state.work().baseBranch()
        : repository.defaultBranch();
  }

  private static @Nullable FailureView failure(
      @Nullable TaskFailure failure, TaskState.Times times) {
    return failure == null
        ? null
        : new FailureView(failure.code(), failure.message(), failure.retryable(), times.failedAt());
  }

  static ContextView context(AggregateId id, TaskState state) {
    TaskOwner owner = state.owner();
    return new ContextView(
        id.tenant(),
        owner.userId(),
        state.id(),
        owner.executionId(),
        owner.squadId(),
        owner.agentId(),
        owner.sessionId() == null ? null : UUID.fromString(owner.sessionId()),
        state.attempt().sandboxId());
  }

  /// Whether nobody works on it any more, or not yet again.
  boolean isSettled() {
    return state != TaskStatus.TODO && state != TaskStatus.IN_PROGRESS;
  }

  /// @param id null as long as it was not looked at
  record RepositoryView(@Nullable Long id, String fullName, String url) {
    static RepositoryView of(TaskState state) {
      TaskState.Repository seen = state.repository();
      TaskSpec spec = state.requireSpec();
      return seen == null
          ? new RepositoryView(null, spec.url().path(), spec.repositoryUrl())
          : new RepositoryView(seen.id(), seen.fullName(), seen.url());
    }
  }

  record PullRequestView(long number, String url, TaskPullRequest.State state) {
    static @Nullable PullRequestView of(@Nullable TaskPullRequest of) {
      return of == null ? null : new PullRequestView(of.number(), of.url(), of.state());
    }
  }

  /// A page of tasks.
  ///
  /// @param nextCursor null on the last page
  record Page(List<TaskView> items, @Nullable String nextCursor) {}
}
