package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.sandbox.SandboxInput.Seen;
import dev.slipway.pr.sandbox.SandboxInput.Told;
import java.util.List;

/// | sandbox | input | answer |
/// |---|---|---|
/// | any | something became of it | that, unless it says nothing new |
/// | has no pull request | one is open whose branch it pushed, or has the very commit that it pushed | it is told |
/// | has one, or pushed another branch, or another commit to one that is closed | one is seen | nothing |
///
/// That it was told is not kept: until its answer is read, every event of the pull request tells it
/// again, which changes nothing. So the row says what its own log says, in whatever order the other
/// topic is read.
final class SandboxDecider implements Decider<SandboxState, SandboxInput, SandboxFact> {
  @Override
  public SandboxState initial() {
    return SandboxState.UNKNOWN;
  }

  @Override
  public Decision<SandboxFact> decide(SandboxState state, SandboxInput input) {
    return switch (input) {
      case Told(var fact) ->
          state.with(fact).equals(state) ? Decision.nothing() : Decision.of(fact);
      case Seen(var pullRequest, var head, var sha, var isOpen) -> {
        String pushed = state.pushed().get(head.name());
        // a branch may bear the name of an earlier one, whose pull request has ended
        yield state.pullRequest() == null && pushed != null && (isOpen || pushed.equals(sha))
            ? Decision.<SandboxFact>of(List.of()).with(new LinkPullRequest(pullRequest))
            : Decision.nothing();
      }
    };
  }

  @Override
  public SandboxState evolve(SandboxState state, Numbered<SandboxFact> fact) {
    return state.with(fact.event());
  }
}
