package dev.slipway.pr.opening;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.operation.Act;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.RemotePullRequest;
import dev.slipway.pr.github.RemoteRepository;
import dev.slipway.pr.observation.Observation;
import dev.slipway.web.github.RepositoryPath;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Opens pull requests, or finds the ones that are there.
final class OpeningAct implements Act<HeadInput> {
  private final GitHub gitHub;
  private final Duration toCreate;

  /// @param toCreate what a create may take, so that it is over before another worker looks
  OpeningAct(GitHub gitHub, Duration toCreate) {
    this.gitHub = gitHub;
    this.toCreate = toCreate;
  }

  @Override
  public Outcome<HeadInput> act(LeasedOperation operation, Lease<HeadInput> lease)
      throws InterruptedException {
    Wish wish = OpenPullRequestCodec.decode(operation);
    RepositoryUrl url = RepositoryUrl.parse(wish.repositoryUrl()).orElseThrow();
    return new OpeningAttempt<>(
            operation,
            wish,
            gitHub.repository(operation.aggregate().tenant(), RepositoryPath.of(url)),
            lease,
            toCreate,
            false,
            new ToHead(operation.id()))
        .open();
  }

  record ToHead(UUID operation) implements OpeningAttempt.Told<HeadInput> {
    @Override
    public HeadInput opened(
        RemoteRepository repository,
        RemotePullRequest shown,
        boolean adopted,
        List<Observation> answers) {
      return new HeadInput.Opened(operation, answers);
    }

    @Override
    public HeadInput cancelled() {
      return new HeadInput.Ended(operation);
    }
  }
}
