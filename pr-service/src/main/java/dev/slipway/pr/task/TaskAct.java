package dev.slipway.pr.task;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.operation.Act;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.Answer;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.GitHubRepository;
import dev.slipway.pr.github.RemotePullRequest;
import dev.slipway.pr.github.RemoteRepository;
import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.opening.ClosingAct;
import dev.slipway.pr.opening.OpeningAttempt;
import dev.slipway.pr.task.TaskState.Repository;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.RepositoryPath;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Asks GitHub what tasks want to know of it, and has it do what they want.
final class TaskAct implements Act<TaskInput> {
  private final GitHub gitHub;
  private final Duration toCreate;

  /// @param toCreate what a create may take, so that it is over before another worker looks
  TaskAct(GitHub gitHub, Duration toCreate) {
    this.gitHub = gitHub;
    this.toCreate = toCreate;
  }

  @Override
  public Outcome<TaskInput> act(LeasedOperation operation, Lease<TaskInput> lease)
      throws InterruptedException {
    TaskOperation wanted = TaskOperationCodec.decode(operation);
    String tenant = operation.aggregate().tenant();
    if (wanted instanceof TaskOperation.Open(var id, var wish, var forLife)) {
      return new OpeningAttempt<>(
              operation,
              wish,
              repository(tenant, wish.repositoryUrl()),
              lease,
              toCreate,
              forLife,
              new ToTask(id))
          .open();
    }
    if (lease.isCancelled()) {
      return new Outcome.Cancelled<>(new TaskInput.OperationCancelled(operation.id()), null);
    }
    try {
      return switch (wanted) {
        case TaskOperation.Survey survey ->
            succeeded(survey(survey, repository(tenant, survey.repositoryUrl())));
        case TaskOperation.Close close -> succeeded(close(close, named(tenant, close.fullName())));
        case TaskOperation.Read read ->
            succeeded(read(operation.id(), read, named(tenant, read.fullName())));
        case TaskOperation.Open _ -> throw new IllegalStateException("it is done above");
      };
    } catch (GitHubException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("in the middle of a call");
      }
      return failed(e.failure());
    }
  }

  private static Outcome<TaskInput> succeeded(TaskInput input) {
    return new Outcome.Succeeded<>(input, null);
  }

  private static Outcome<TaskInput> failed(GitHubFailure failure) {
    boolean isPassing = failure.retryable() || failure.mayHaveHappened();
    var why = new Failure(failure.code().code(), failure.message(), isPassing);
    return isPassing
        ? new Outcome.Later<>(why, failure.retryAfter())
        : new Outcome.Failed<>(why, null, null);
  }

  private GitHubRepository repository(String tenant, String url) {
    return gitHub.repository(tenant, RepositoryPath.of(RepositoryUrl.parse(url).orElseThrow()));
  }

  private GitHubRepository named(String tenant, String fullName) {
    return gitHub.repository(tenant, RepositoryPath.parse(fullName).orElseThrow());
  }

  private static TaskInput survey(TaskOperation.Survey wanted, GitHubRepository repository) {
    RemoteRepository remote = repository.read().value();
    String tip = repository.tip(wanted.branch()).orElse(null);
    List<String> shas = wanted.shas();
    boolean isOurs =
        tip != null
            && (shas.contains(tip)
                || shas.reversed().stream().anyMatch(sha -> repository.descends(tip, sha)));
    return new TaskInput.Surveyed(
        wanted.operation(),
        of(remote),
        remote.canPush() && !remote.archived(),
        tip,
        isOurs,
        tip == null && !shas.isEmpty() ? known(repository, remote, wanted.branch()) : null);
  }

  /// Of a branch that was there and is gone: its pull request was merged or closed since.
  private static @Nullable TaskPullRequest known(
      GitHubRepository repository, RemoteRepository remote, String branch) {
    String owner = RepositoryPath.parse(remote.fullName()).orElseThrow().owner();
    Optional<TaskPullRequest> first =
        repository.pullRequestsOf(owner, branch).stream()
            .filter(one -> one.head().ref().equals(branch))
            .filter(one -> Long.valueOf(remote.id()).equals(one.head().repositoryId()))
            .filter(one -> one.base().repositoryId() == remote.id())
            .min(Comparator.comparingLong(RemotePullRequest::number))
            .map(TaskAct::of)
            .filter(one -> !one.isOpen());
    return first.orElse(null);
  }

  /// The comment first: one that is closed is not looked at again.
  private static TaskInput close(TaskOperation.Close wanted, GitHubRepository repository) {
    Answer<RemotePullRequest> shown = repository.pullRequest(wanted.number());
    if (!shown.value().isOpen() || shown.value().base().repositoryId() != wanted.repositoryId()) {
      return new TaskInput.Read(
          wanted.operation(), of(shown.value()), List.of(Answer.observation(shown)));
    }
    var closing = new ClosingAct(repository, wanted.operation());
    closing.explain(wanted.number(), wanted.reason());
    Answer<RemotePullRequest> closed = closing.close(wanted.number());
    return new TaskInput.Read(
        wanted.operation(), of(closed.value()), List.of(Answer.observation(closed)));
  }

  private static TaskInput read(
      UUID operation, TaskOperation.Read wanted, GitHubRepository repository) {
    Answer<RemotePullRequest> shown = repository.pullRequest(wanted.number());
    return new TaskInput.Read(operation, of(shown.value()), List.of(Answer.observation(shown)));
  }

  private static Repository of(RemoteRepository remote) {
    return new Repository(
        remote.id(), remote.fullName(), remote.htmlUrl(), remote.defaultBranch(), remote.sizeKib());
  }

  private static TaskPullRequest of(RemotePullRequest shown) {
    TaskPullRequest.State closed =
        shown.mergedAt() == null ? TaskPullRequest.State.CLOSED : TaskPullRequest.State.MERGED;
    return new TaskPullRequest(
        shown.number(), shown.url(), shown.isOpen() ? TaskPullRequest.State.OPEN : closed);
  }

  private record ToTask(UUID operation) implements OpeningAttempt.Told<TaskInput> {
    @Override
    public TaskInput opened(
        RemoteRepository repository,
        RemotePullRequest shown,
        boolean adopted,
        List<Observation> answers) {
      return new TaskInput.Opened(operation, of(repository), of(shown), adopted, answers);
    }

    @Override
    public TaskInput cancelled() {
      return new TaskInput.OperationCancelled(operation);
    }
  }
}
