package dev.slipway.pr.github;

import dev.slipway.pr.observation.Observation;
import dev.slipway.web.github.Received;

/// What GitHub answered: read, and as it came.
public record Answer<T>(T value, Received source) {
  /// For the log, of one that shows a pull request.
  public static Observation observation(Answer<RemotePullRequest> of) {
    RemotePullRequest shown = of.value;
    return new Observation(
        shown.base().repositoryId(),
        shown.number(),
        "/repositories/%d/pulls/%d".formatted(shown.base().repositoryId(), shown.number()),
        of.source.date(),
        of.source.at(),
        of.source.body());
  }
}
