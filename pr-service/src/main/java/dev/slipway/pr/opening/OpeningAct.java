package dev.slipway.pr.opening;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.operation.Act;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.GitHubRepository;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.RepositoryPath;

/// Opens pull requests, or finds the ones that are there.
///
/// | what GitHub says | outcome |
/// |---|---|
/// | opened, or found | succeeded |
/// | what passes by itself: limits, outages, a branch that it does not see yet | tried again until the operation is overdue, then failed |
/// | anything else | failed |
final class OpeningAct implements Act<HeadInput> {
  /// A branch that was pushed a moment ago is not seen by all of GitHub at once.
  private static final int TRIES_TO_SEE = 3;

  private final GitHub gitHub;

  OpeningAct(GitHub gitHub) {
    this.gitHub = gitHub;
  }

  @Override
  public Outcome<HeadInput> act(LeasedOperation operation, Lease<HeadInput> lease)
      throws InterruptedException {
    Wish wish = OpenPullRequestCodec.decode(operation);
    RepositoryUrl url = RepositoryUrl.parse(wish.repositoryUrl()).orElseThrow();
    GitHubRepository repository =
        gitHub.repository(operation.aggregate().tenant(), RepositoryPath.of(url));
    try {
      return new OpeningAttempt(operation, wish, repository, OpeningAttempt.Hold.of(lease)).open();
    } catch (GitHubException e) {
      return failed(operation, e.failure());
    }
  }

  private static Outcome<HeadInput> failed(LeasedOperation operation, GitHubFailure failure) {
    boolean isPassing =
        switch (failure.code()) {
          case NO_COMMITS_BETWEEN, HEAD_INVALID -> operation.tries() < TRIES_TO_SEE;
          case ALREADY_EXISTS -> true; // the next look finds it
          default -> failure.retryable();
        };
    var told = new Failure(failure.code().code(), failure.message(), isPassing);
    return isPassing
        ? new Outcome.Later<>(told, failure.retryAfter())
        : new Outcome.Failed<>(told, null, null);
  }
}
