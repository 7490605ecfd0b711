package dev.slipway.pr.reading;

import dev.slipway.pipeline.operation.Act;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.Answer;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.RemotePullRequest;
import dev.slipway.pr.reading.ReadingInput.NotRead;
import dev.slipway.pr.reading.ReadingInput.WasRead;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.RepositoryPath;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Reads pull requests from GitHub. To read twice does no harm, so nothing is looked for first.
///
/// | what GitHub answers | outcome |
/// |---|---|
/// | the pull request, as it is long enough after its last change to be sure | read |
/// | it, as it is right after its last change | later: another change of that second may follow |
/// | a limit, a time-out, no answer | later, when GitHub says or backing off |
/// | another repository of that name, a refusal | failed |
final class ReadingWorker implements Act<ReadingInput> {
  /// GitHub's times are whole seconds: what is read later than this holds all of one.
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private final GitHub github;
  private final Clock clock;

  ReadingWorker(GitHub github, Clock clock) {
    this.github = github;
    this.clock = clock;
  }

  @Override
  public Outcome<ReadingInput> act(LeasedOperation operation, Lease<ReadingInput> lease) {
    ReadPullRequest wanted = ReadingJson.operation(operation.request());
    Optional<RepositoryPath> path = RepositoryPath.parse(wanted.repository());
    if (path.isEmpty()) {
      return failed(
          new Failure("not_found", wanted.repository() + " is no name of a repository", false));
    }
    try {
      return read(
          wanted,
          github
              .repository(operation.aggregate().tenant(), path.get())
              .pullRequest(wanted.number()));
    } catch (GitHubException e) {
      GitHubFailure failure = e.failure();
      var why = new Failure(failure.code().code(), failure.message(), failure.retryable());
      return failure.retryable() ? new Outcome.Later<>(why, failure.retryAfter()) : failed(why);
    }
  }

  private Outcome<ReadingInput> read(ReadPullRequest wanted, Answer<RemotePullRequest> answer) {
    RemotePullRequest read = answer.value();
    if (read.base().repositoryId() != wanted.repositoryId()) {
      return failed(
          new Failure(
              "not_found",
              wanted.repository() + " is another repository by now: its webhooks tell its name",
              false));
    }
    Instant date = answer.source().date();
    Instant settledAt = read.updatedAt().plus(SETTLED);
    if (date != null && date.isBefore(settledAt)) {
      return new Outcome.Later<>(
          new Failure("unavailable", "it changed a moment ago, and may once more", true),
          Duration.between(date, settledAt));
    }
    return new Outcome.Succeeded<>(new WasRead(Answer.observation(answer)), null);
  }

  private Outcome<ReadingInput> failed(Failure why) {
    return new Outcome.Failed<>(why, new NotRead(clock.instant()), null);
  }
}
