package dev.slipway.pr.opening;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.stage.CommandCodec;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.pr.observation.Observation;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// `pr-service.opening`: requests for pull requests become operations, one at a time for each head.
final class HeadStage {
  static final String NAME = "pr-service.opening";

  private static final JsonMapper JSON = JsonMapper.shared();

  private HeadStage() {}

  static Stage<HeadState, HeadInput, HeadEvent> of(CommandCodec<Observation> observations) {
    Table<HeadState, HeadInput, HeadEvent> table =
        Table.<HeadState, HeadInput, HeadEvent>of(
                "head",
                "name",
                "text",
                JSON::writeValueAsString,
                json -> JSON.readValue(json, HeadState.class))
            .bookkeeping();
    return Stage.named(NAME, new HeadDecider(), table)
        .sends(Observation.class, observations)
        .operates(
            OpenPullRequest.class,
            new OpenPullRequestCodec(),
            failed -> Optional.of(new HeadInput.Ended(failed.id())))
        .withoutTopics();
  }

  /// Whom a wish is for.
  static AggregateId aggregate(String tenant, Wish wish) {
    return new AggregateId(tenant, wish.repositoryUrl() + "#" + wish.head());
  }
}
