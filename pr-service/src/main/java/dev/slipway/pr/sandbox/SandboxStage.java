package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.schemas.Topics;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// `pr-service.sandboxes`: which sandbox pushed the branch of which pull request; the sandbox is
/// told. Whichever of the two comes first.
final class SandboxStage {
  private static final String HEAD = "head";

  private SandboxStage() {}

  static Stage<SandboxState, SandboxInput, SandboxFact> of(
      SandboxRecordCodec sandboxes, SeenCodec pullRequests, LinkPullRequestCodec commands) {
    return Stage.named("pr-service.sandboxes", new SandboxDecider(), SandboxTable.of())
        .reads(Topics.SANDBOX_EVENTS, sandboxes)
        .reads(Topics.PULL_REQUEST_EVENTS, pullRequests)
        .sends(LinkPullRequest.class, commands)
        .linked(SandboxStage::links, Map.of(HEAD, new SeenStore()))
        .deadLetters(Topics.PR_SANDBOXES_DEAD_LETTERS);
  }

  static Link link(String tenant, Head head) {
    return new Link(tenant, HEAD, head.name(), false);
  }

  /// Once it has its pull request it need not be found.
  private static Set<Link> links(AggregateId id, SandboxState state) {
    return state.pullRequest() == null
        ? state.pushed().keySet().stream()
            .map(name -> link(id.tenant(), Head.of(name)))
            .collect(Collectors.toSet())
        : Set.of();
  }
}
