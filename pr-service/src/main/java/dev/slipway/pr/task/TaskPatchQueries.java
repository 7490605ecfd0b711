package dev.slipway.pr.task;

import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.task.TaskQueries.Row;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.RepositoryPath;
import java.util.Base64;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// What tasks change: the patch as it left the sandbox; one that is too large to be kept, or that
/// others added to, as GitHub shows it once it was pushed.
final class TaskPatchQueries {
  private final TaskRequests tasks;
  private final GitHub gitHub;
  private final Scheduler blocking;

  /// @param blocking for calls of GitHub
  TaskPatchQueries(TaskRequests tasks, GitHub gitHub, Scheduler blocking) {
    this.tasks = tasks;
    this.gitHub = gitHub;
    this.blocking = blocking;
  }

  /// The patch of a task; empty before there is one.
  Mono<byte[]> find(Row row) {
    return kept(row).switchIfEmpty(Mono.defer(() -> pushed(row)));
  }

  private Mono<byte[]> kept(Row row) {
    TaskState.Work work = row.state().work();
    boolean isOurs = !work.shas().isEmpty() && work.shas().getLast().equals(work.head());
    return isOurs
        ? tasks
            .all()
            .database()
            .asApi(row.id().tenant(), client -> TaskQueries.patch(client, row.state().requireId()))
            .map(text -> Base64.getDecoder().decode(text))
        : Mono.empty();
  }

  private Mono<byte[]> pushed(Row row) {
    TaskState.Work work = row.state().work();
    TaskState.Repository repository = row.state().repository();
    String base = work.baseSha() == null ? work.baseBranch() : work.baseSha();
    String head = work.head();
    if (!work.pushed() || repository == null || base == null || head == null) {
      return Mono.empty();
    }
    return Mono.fromCallable(() -> read(row.id().tenant(), repository.fullName(), base, head))
        .subscribeOn(blocking)
        .flatMap(Mono::justOrEmpty);
  }

  private Optional<byte[]> read(String tenant, String fullName, String base, String head) {
    RepositoryPath path = RepositoryPath.parse(fullName).orElseThrow();
    try {
      return Optional.of(gitHub.repository(tenant, path).diff(base, head));
    } catch (GitHubException e) {
      if (e.code() == FailureCode.NOT_FOUND) {
        return Optional.empty(); // GitHub has forgotten one of the two
      }
      GitHubFailure failure = e.failure();
      throw new ApiException(ErrorCode.UNAVAILABLE, failure.message())
          .retryAfter(failure.retryAfter());
    }
  }
}
